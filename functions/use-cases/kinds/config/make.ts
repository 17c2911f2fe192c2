import { boundaryOf } from '../../../domain/config-tree/boundary.ts';
import { promoteChanges, wholeSource } from '../../../domain/config-tree/promote.ts';
import { EVERYTHING } from '../../../domain/config-tree/selection.ts';
import type { Digest } from '../../../domain/digest.ts';
import { Fault } from '../../../domain/faults.ts';
import type { PromotionState } from '../../../domain/promotion/state.ts';
import { nodesOf, rootOf } from '../../config/tree.ts';
import type { KindDeps, Planned } from '../kind.ts';
import { configAsked } from './asked.ts';
import { changesOf } from './changes.ts';
import { scopeOf, selectedBy } from './selection.ts';

/** Stores the tree that the target will hold and answers its root; a whole source is its own result, and nothing is stored. */
export async function makeConfig(
  deps: KindDeps,
  { tenant, request: asked }: PromotionState,
  { head, plan: { source, tree } }: Planned,
): Promise<Digest> {
  if (tree === undefined) throw new Fault('Corrupt', 'a config promotion has a change set');
  const request = configAsked(asked);
  const everything = request.rollback !== undefined || request.selects === 'FULL';
  const selection = everything ? EVERYTHING : selectedBy(tenant, request).selection;
  const scope = scopeOf(request, selection, tree.owned);
  const whole = wholeSource(tree.origin, rootOf(head), source.digest, scope);
  if (whole !== undefined) return whole;
  const nodes = nodesOf(deps, tenant);
  const changes = await changesOf(nodes, tree.origin, source.digest, scope);
  const boundary = boundaryOf(await deps.chunkingKeys.of(tenant));
  const promoted = await promoteChanges(nodes, tree.origin, rootOf(head), changes, boundary);
  if (promoted.tree === undefined)
    throw new Fault('TargetMoved', 'keys of the change set changed in the target');
  await deps.nodes.put(tenant, promoted.tree.nodes);
  return promoted.tree.root;
}
