import type { Cursors } from '../ports/cursors.ts';
import type { Page, PageRequest } from '../ports/page.ts';

/** A list that run after run goes through: each begins where the last one stopped, so that what always fails hides nothing behind it. */
export type InTurn<T> = {
  /** The next item; `undefined` after the last. Several callers may ask at once. */
  next(): Promise<T | undefined>;
  /** Keeps where this run stopped; answers whether something is left. */
  stop(): Promise<boolean>;
};

/** A page of the list, by its position, and its items that were given: those that stay in the list are passed over, the others left it. */
type Place = { readonly after?: string; readonly given: readonly string[] };
const START: Place = { given: [] };

/** Goes through a list whose positions are kept under a name, from where the last run stopped to the end; the run after that begins at the start. */
export function inTurn<T>(
  cursors: Cursors,
  name: string,
  read: (page: PageRequest) => Promise<Page<T>>,
): InTurn<T> {
  let kept: string | undefined;
  let place = START;
  let over = false;

  async function* items(): AsyncGenerator<T, undefined> {
    kept = await cursors.read(name);
    for (let at: Place | undefined = placeOf(kept); at !== undefined; ) {
      place = at;
      const page = await read(
        place.after === undefined ? { limit: 100 } : { limit: 100, after: place.after },
      );
      const before = new Set(place.given);
      for (const item of page.items) {
        const key = JSON.stringify(item);
        if (before.has(key)) continue;
        place = { ...place, given: [...place.given, key] };
        yield item;
      }
      at = page.next === undefined ? undefined : { after: page.next, given: [] };
    }
    over = true;
  }
  const all = items();

  return {
    next: async () => (await all.next()).value,
    async stop() {
      if (!over && (await all.next()).done !== true) place = { ...place, given: place.given.slice(0, -1) };
      const begun = place.after !== undefined || place.given.length > 0;
      const position = over || !begun ? undefined : JSON.stringify(place);
      if (position !== kept) await cursors.write(name, position);
      return !over;
    },
  };
}

/** A position that cannot be read is the start: nothing is lost by beginning there. */
function placeOf(kept: string | undefined): Place {
  if (kept === undefined) return START;
  try {
    const { after, given }: { after?: unknown; given?: unknown } = JSON.parse(kept);
    if (!Array.isArray(given) || !given.every((key) => typeof key === 'string')) return START;
    return typeof after === 'string' ? { after, given } : { given };
  } catch {
    return START;
  }
}
