import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Deps } from '../deps.ts';

export type CompleteDeps = Pick<Deps, 'promotions' | 'directory' | 'cursors' | 'clock'>;

/** Where the walk over all promotions stands; `DONE` once it has seen them all, for ever. */
const WALK = 'audit-lists';
const DONE = 'done';

/** Promotions looked at side by side. */
const TOGETHER = 20;

/** The last tenant that is through, and how far the one after it is; empty: none, or not begun. */
type Place = { readonly through: string; readonly after: string };
const START: Place = { through: '', after: '' };

/** No id and no place in a list has a blank. */
function placeOf(kept: string): Place {
  const [through = '', after = ''] = kept.split(' ');
  return { through, after };
}

/** What one run did. `faults`: promotions whose history cannot be read, which stop no other. */
export type Completed = {
  readonly added: number;
  readonly faults: readonly unknown[];
  readonly done: boolean;
};

/**
 * Lists every promotion for those who took part in it by its history, as new ones are by their commits: once for an installation, from where
 * the last run stopped, until an instant. One that dies is done again.
 */
export async function completeLists(deps: CompleteDeps, until: string): Promise<Completed> {
  const kept = await deps.cursors.read(WALK);
  if (kept === DONE) return { added: 0, faults: [], done: true };
  let added = 0;
  const faults: unknown[] = [];
  let position: Place | undefined = kept === undefined ? START : placeOf(kept);
  while (position !== undefined && deps.clock.now() < until) {
    const page: PageOf = await pageAt(deps, position);
    for (const each of await Promise.allSettled(
      page.items.map((state) => deps.promotions.completeLists(state)),
    ))
      if (each.status === 'fulfilled') added += each.value;
      else faults.push(each.reason);
    position = page.next;
  }
  await deps.cursors.write(WALK, position === undefined ? DONE : `${position.through} ${position.after}`);
  return { added, faults, done: position === undefined };
}

type PageOf = { readonly items: readonly PromotionState[]; readonly next?: Place };

/** Some promotions of the tenant at a position, and what comes next; no `next` after the last tenant. */
async function pageAt({ directory, promotions }: CompleteDeps, { through, after }: Place): Promise<PageOf> {
  const { items } = await directory.tenants({ limit: 1, ...(through === '' ? {} : { after: through }) });
  const [tenant] = items;
  if (tenant === undefined) return { items: [] };
  const asked = { limit: TOGETHER, ...(after === '' ? {} : { after }) };
  const page = await promotions.list(tenant.id, {}, asked);
  const next = page.next === undefined ? { through: tenant.id, after: '' } : { through, after: page.next };
  return { items: page.items, next };
}
