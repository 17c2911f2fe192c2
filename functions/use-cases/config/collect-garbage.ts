import { type Mark, markRoots, markStep, startMark } from '../../domain/config-tree/mark.ts';
import { isRetained } from '../../domain/config-tree/retention.ts';
import type { Digest } from '../../domain/digest.ts';
import { durationMilliseconds } from '../../domain/instant.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { NODE_LISTS, type PutNode } from '../../ports/node-sweep.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';
import { CONFIG } from './slot.ts';
import { nodesOf } from './tree.ts';

export type GarbageDeps = Pick<Deps, 'catalog' | 'heads' | 'promotions' | 'nodes' | 'nodeSweep' | 'clock'>;

/** A node put within so long before the mark began may be what a writer is about to point a head at. */
const GRACE = durationMilliseconds('P1D') ?? 0;
const NODES_AT_ONCE = 500;
const LISTED_AT_ONCE = 1000;

/** What a collection came to. */
export type Collected = { readonly marked: number; readonly stored: number; readonly removed: number };

/**
 * Removes the nodes of a tenant that no head, no retained revision and no promotion's change set reaches, as long as they were last put more than 24 h
 * before the mark began. Whoever writes at the same time loses nothing: a writer puts every node of a new root again that it did not read
 * below a kept one, and a node that was put since it was listed stays.
 */
export async function collectGarbage(deps: GarbageDeps, tenant: string): Promise<Collected> {
  const began = Date.parse(deps.clock.now());
  const mark = startMark();
  markRoots(mark, await rootsOf(deps, tenant, began));
  // Once more at the end: what was pointed at while the first were traversed.
  await scan(deps, tenant, mark);
  markRoots(mark, await rootsOf(deps, tenant, began));
  await scan(deps, tenant, mark);
  const before = began - GRACE;
  let [stored, removed] = [0, 0];
  for (let list = 0; list < NODE_LISTS; list += 1) {
    await everyPage(
      (page) => deps.nodeSweep.list(tenant, list, page),
      async (nodes) => {
        stored += nodes.length;
        removed += await sweep(
          deps,
          tenant,
          nodes.filter(({ id, put_at }) => put_at < before && !mark.marked.has(id)),
        );
      },
      LISTED_AT_ONCE,
    );
  }
  return { marked: mark.marked.size, stored, removed };
}

async function scan(deps: GarbageDeps, tenant: string, mark: Mark): Promise<void> {
  const nodes = nodesOf(deps, tenant);
  while (mark.pending.length > 0) await markStep(nodes, mark, NODES_AT_ONCE);
}

async function sweep(deps: GarbageDeps, tenant: string, nodes: readonly PutNode[]): Promise<number> {
  let removed = 0;
  for (let at = 0; at < nodes.length; at += 16) {
    const answers = await Promise.all(
      nodes.slice(at, at + 16).map((node) => deps.nodeSweep.remove(tenant, node)),
    );
    removed += answers.filter((gone) => gone).length;
  }
  return removed;
}

/** Every root that must stay readable. */
async function rootsOf(deps: GarbageDeps, tenant: string, began: number): Promise<ReadonlySet<Digest>> {
  const roots = new Set<Digest>();
  const keep = (root: Digest | null | undefined) => {
    if (root !== null && root !== undefined) roots.add(root);
  };
  // Before the heads: what completes in between stands in a head by then.
  await everyPage(
    (page) => deps.promotions.list(tenant, { kind: 'config' }, page),
    async (promotions) => {
      for (const state of promotions) for (const root of rootsOfPromotion(state)) keep(root);
    },
  );
  // The list of a subject's heads lags: one that was first written a moment ago is found by its environment.
  const [heads, environments] = await Promise.all([
    deps.heads.ofSubject(tenant, CONFIG),
    deps.catalog.all(tenant, 'environment'),
  ]);
  const names = [...heads.map(({ slot }) => slot.environment), ...environments.map(({ name }) => name)];
  for (const environment of new Set(names)) {
    const slot = { subject: CONFIG, environment };
    keep((await deps.heads.read(tenant, slot))?.digest);
    let newer = 0;
    await everyPage(
      (page) => deps.heads.revisions(tenant, slot, page),
      async (revisions) => {
        for (const { digest: root, previous, at } of revisions) {
          if (!isRetained({ newer, age: began - Date.parse(at) })) return 'enough';
          newer += 1;
          keep(root);
          keep(previous);
        }
        return undefined;
      },
    );
  }
  return roots;
}

/** What shows a promotion's change set, as long as there is a record of it; of an open one all that it may still be planned from. */
function rootsOfPromotion(state: PromotionState): readonly (Digest | null | undefined)[] {
  const { source, base, tree } = state.seal.plan;
  if (isClosed(state)) return [source.digest, tree?.origin];
  const rollback = state.request.kind === 'config' ? state.request.rollback : undefined;
  return [source.digest, base.digest, tree?.origin, rollback?.from, rollback?.to];
}

async function everyPage<T>(
  read: (page: PageRequest) => Promise<Page<T>>,
  act: (items: readonly T[]) => Promise<unknown>,
  limit = 100,
): Promise<void> {
  let after: string | undefined;
  do {
    const page = await read(after === undefined ? { limit } : { limit, after });
    if ((await act(page.items)) === 'enough') return;
    after = page.next;
  } while (after !== undefined);
}
