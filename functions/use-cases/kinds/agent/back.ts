import type { AgentAsked, InStatus } from '../../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import type { Revision } from '../../../domain/subject.ts';
import { everyItem } from '../../every-item.ts';
import type { KindDeps, TakingBack } from '../kind.ts';
import { agentAsked, slotOf } from './slot.ts';

/** Revisions that a rollback looks back through. */
const MOST_REVISIONS = 200;

/**
 * The request that takes a completed promotion of an agent back to what ran on its gateway before it. Refuses to revert what was replaced
 * since, and `nothing_to_promote` where nothing ran there before, or where that is further back than anybody looks.
 */
export async function backOf(
  deps: Pick<KindDeps, 'heads'>,
  { id, tenant, status, request, target_environment }: InStatus<'completed'>,
  { mode, notes }: TakingBack,
): Promise<AgentAsked | Refusal> {
  const { agent_id, target_gateway_id } = agentAsked(request);
  const past: Revision[] = [];
  const slot = slotOf(request, target_environment);
  for await (const revision of everyItem((page) => deps.heads.revisions(tenant, slot, page))) {
    past.push(revision);
    if (past.length === MOST_REVISIONS) break;
  }
  const at = past.findIndex(({ cause }) => cause.by === 'execute' && cause.promotion_id === id);
  if (at > 0 && mode === 'revert') {
    return refuse('invalid_transition', `${id} was replaced since: restore what was before it instead`, {
      status,
    });
  }
  const before = at < 0 ? undefined : past[at + 1];
  if (before === undefined || before.digest === null || before.deployment_id === undefined) {
    return refuse('nothing_to_promote', `nothing ran on ${target_gateway_id} before ${id}`);
  }
  return {
    kind: 'agent',
    agent_id,
    source_deployment_id: before.deployment_id,
    target_gateway_id,
    ...(notes === undefined ? {} : { notes }),
    rollback: { promotion_id: id, mode, to: before.digest, revision: before.number },
  };
}
