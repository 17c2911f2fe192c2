import type { AgentAsked } from '../../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import { goneBackTo, revisionsOf, takenBackBy } from '../gone-back-to.ts';
import type { KindDeps, TakenBack, TakingBack } from '../kind.ts';
import { agentAsked, slotOf } from './slot.ts';

/** The request that takes the gateway of a promotion back to what ran there. Refuses what `goneBackTo` refuses. */
export async function backOf(
  deps: Pick<KindDeps, 'heads'>,
  taken: TakenBack,
  asked: TakingBack,
): Promise<AgentAsked | Refusal> {
  const { agent_id, target_gateway_id } = agentAsked(taken.request);
  const { mode, notes } = asked;
  const slot = slotOf(taken.request, taken.target_environment);
  const past = (await revisionsOf(deps, taken.tenant, slot)).map((revision) => ({ revision }));
  const found = goneBackTo(past, taken, asked);
  if ('refused' in found) return found;
  const { revision } = found;
  if (revision.digest === null || revision.deployment_id === undefined) {
    return refuse('nothing_to_promote', `nothing ran on ${target_gateway_id} at revision ${revision.number}`);
  }
  return {
    kind: 'agent',
    agent_id,
    source_deployment_id: revision.deployment_id,
    target_gateway_id,
    ...(notes === undefined ? {} : { notes }),
    rollback: {
      ...takenBackBy(past, taken, revision),
      mode,
      to: revision.digest,
      revision: revision.number,
    },
  };
}
