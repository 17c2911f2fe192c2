import { Fault } from '../../domain/faults.ts';
import { type FormatNumber, RELEASE } from '../../domain/format/number.ts';
import type { StoredItem } from '../../domain/format/stored-item.ts';
import { addDuration } from '../../domain/instant.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FormatStore, StoredItems } from '../../ports/format-store.ts';

export type MigrateDeps = {
  readonly formats: FormatStore;
  readonly items: StoredItems;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
};

/** How far it came. `moved`: items of the migration that runs, or ran last. */
export type Migrated = { readonly done: boolean; readonly format: number; readonly moved: number };

/** A run of limited time. */
export type MigrationRun = {
  /** When it stops, done or not. */
  readonly until: string;
  /** No other process has the table open: nothing is waited for. */
  readonly alone?: boolean;
  /** Hears how far it is, after each page. */
  readonly tell?: (far: Migrated) => void;
};

/** Functions notice within 30 s that the number was raised; a call of theirs under way ends within 11 s. */
const NOTICED = 'PT60S';

/** Whether a migration is to be begun or to be gone on with. One that this code does not have is left to the release that began it. */
export const isDue = (number: FormatNumber | undefined, migrations: readonly Migration[]): boolean =>
  number !== undefined && stepOf(number, migrations) !== undefined;

/**
 * Brings the table to the newest format: raises the number, waits until every function has noticed, then moves page by page, keeping the
 * position with the number. Stops in time or when its process dies; the next run goes on. Idempotent, even when concurrent: an item is
 * replaced only as it was read. Needs a table that has been judged.
 */
export async function migrate(
  deps: MigrateDeps,
  migrations: readonly Migration[],
  { until, alone = false, tell = () => {} }: MigrationRun,
): Promise<Migrated> {
  let moved = 0;
  for (;;) {
    const number = await deps.formats.read();
    if (number === undefined) throw new Error('the table has no number: it is judged first');
    const { format } = number;
    const next = stepOf(number, migrations);
    if (next === undefined) {
      if (number.moving?.read_only) throw new Error(unknownTo(number));
      return { done: true, format, moved };
    }
    if (deps.clock.now() >= until) return { done: false, format, moved: number.moving?.moved ?? moved };
    if (next.step === 'raise')
      await deps.formats.write(raised(number, next.migration, deps.clock.now()), number);
    else if (alone || !(await waited(deps, number, until)))
      moved = await movePage(deps, number, next.migration);
    tell({ done: false, format: next.migration.format, moved });
  }
}

const unknownTo = ({ format, written_by }: FormatNumber): string =>
  `a migration to format ${format} runs, during which nothing may be written, and this code does not have it: run the release that began it (${written_by}), or a later one`;

type Step = { readonly step: 'raise' | 'move'; readonly migration: Migration };

/** What is to be done next: a migration under way is ended before another one begins. */
function stepOf({ format, moving }: FormatNumber, migrations: readonly Migration[]): Step | undefined {
  const wanted = moving === undefined ? format + 1 : format;
  const migration = migrations.find((each) => each.format === wanted);
  return migration === undefined ? undefined : { step: moving === undefined ? 'raise' : 'move', migration };
}

function raised(
  number: FormatNumber,
  { format, readable_from, read_only }: Migration,
  at: string,
): FormatNumber {
  return {
    format,
    readable_from: Math.max(readable_from, number.readable_from),
    written_by: RELEASE,
    at,
    step: (number.step ?? 0) + 1,
    moving: { moved: 0, read_only: read_only === true },
  };
}

/** Waits until the number is noticed; `false` where that was long ago. */
async function waited({ clock, sleep }: MigrateDeps, { at }: FormatNumber, until: string): Promise<boolean> {
  const noticed = addDuration(at, NOTICED);
  const now = clock.now();
  if (now >= noticed) return false;
  const end = noticed < until ? noticed : until;
  await sleep(Math.max(1, Date.parse(end) - Date.parse(now)));
  return true;
}

/** Items of a page that are moved side by side. */
const TOGETHER = 10;

/** Moves one page and keeps the position; answers how many items were moved so far. */
async function movePage(
  { formats, items }: MigrateDeps,
  number: FormatNumber,
  { move }: Migration,
): Promise<number> {
  const { moving, ...rest } = number;
  const page = await items.page(moving?.after);
  let moved = moving?.moved ?? 0;
  for (let from = 0; from < page.items.length; from += TOGETHER) {
    const some = page.items.slice(from, from + TOGETHER);
    const done = await Promise.all(some.map((each) => moveOne(items, each, move)));
    moved += done.filter(Boolean).length;
  }
  const kept = { ...rest, step: (number.step ?? 0) + 1 };
  const { next } = page;
  // Another run that was first has the same position, and goes on from there.
  await formats.write(
    next === undefined
      ? kept
      : { ...kept, moving: { after: next, moved, read_only: moving?.read_only ?? false } },
    number,
  );
  return moved;
}

/** Times that an item may change under the move before that is a fault: each time another process has just written it. */
const TRIES = 20;

/** An item that changes meanwhile is read and moved again. */
async function moveOne(items: StoredItems, found: StoredItem, move: Migration['move']): Promise<boolean> {
  let item: StoredItem | undefined = found;
  for (let tries = 0; tries < TRIES && item !== undefined; tries += 1) {
    const others = move(item);
    if (others === undefined) return false;
    if (await items.replace(item, others)) return true;
    item = await items.read(item);
  }
  if (item === undefined) return false;
  throw new Fault(
    'Corrupt',
    `item ${item.PK} / ${item.SK} cannot be moved: what takes its place is there already`,
  );
}
