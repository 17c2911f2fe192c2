import type { Change } from '../../domain/promotion/manifest.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { changePage, inTextsForPeople } from '../kinds/config/impact.ts';
import type { KindDeps } from '../kinds/kind.ts';

/** Some of what a promotion would change, in its order. `next`: where to go on; absent at the end. */
export type SomeChanges = { readonly changes: readonly Change[]; readonly next?: string };

/** A page of a sealed change set as display text. `after` is the `next` of the page before. */
export async function whatChanges(
  deps: KindDeps,
  state: PromotionState,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<SomeChanges> {
  const { tree, change_set } = state.seal.plan;
  if (tree === undefined) return { changes: change_set.slice(0, limit) };
  const found = await changePage(deps, state, { limit, ...(after === undefined ? {} : { after }) });
  const changes = found.changes.map(inTextsForPeople);
  return found.next === undefined ? { changes } : { changes, next: found.next };
}
