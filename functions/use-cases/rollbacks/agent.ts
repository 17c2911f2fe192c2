import { judgeArtifactRollback, refuseArtifactRisk } from '../../domain/artifact/rollback-impact.ts';
import { actorOf } from '../../domain/identity/principal.ts';
import type { InStatus } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { backOf } from '../kinds/agent/back.ts';
import type { CreateDeps } from '../promotions/create.ts';
import { factsOfAgentRollback } from './agent-facts.ts';
import type { RollBackPromotionInput, RolledBackArtifact } from './artifact.ts';
import { requestJudged } from './judged.ts';

/**
 * Requests that a gateway goes back to what an agent ran there before a completed promotion: a promotion of its own, with the approvals
 * that the environment asks for. Refuses `nothing_to_promote` where nothing ran there before, to revert what was replaced since,
 * `locked`, and `risk_not_acknowledged`. Only tried (`dry_run`), it answers the impact whatever it is.
 */
export async function rollBackAgent(
  deps: CreateDeps,
  original: InStatus<'completed'>,
  input: RollBackPromotionInput,
): Promise<RolledBackArtifact | Refusal> {
  const { principal, mode, reason, dry_run = false, acknowledge_risk = false, answer } = input;
  const { execution, also_requested_by } = input;
  const { tenant, target_environment } = original;
  const back = await backOf(deps, original, { mode, ...(reason === undefined ? {} : { notes: reason }) });
  if ('refused' in back) return refusedOr(back, dry_run);
  const rolled = await requestJudged(
    deps,
    {
      actor: actorOf(principal),
      tenant,
      request: { ...back, source_environment: target_environment, target_environment },
      dry_run,
      ...(execution === undefined ? {} : { execution }),
      ...(also_requested_by === undefined ? {} : { also_requested_by }),
    },
    {
      judge: async (planned) =>
        judgeArtifactRollback(await factsOfAgentRollback(deps, tenant, back, planned)),
      risk: (impact) => refuseArtifactRisk(impact, acknowledge_risk),
      answer,
    },
  );
  return isRefusal(rolled) && rolled.refused !== 'risk_not_acknowledged'
    ? refusedOr(rolled, dry_run)
    : rolled;
}

/** What cannot be taken back is BLOCKED to whoever only tries, and refused to whoever means it. */
function refusedOr(refusal: Refusal, dry_run: boolean): RolledBackArtifact | Refusal {
  if (!dry_run) return refusal;
  const nothing = { consumers: 'unknown', gates: [], undone: [], edits: 0, durations: [] } as const;
  const impact = judgeArtifactRollback({ refusal, to: '', ...nothing });
  return { impact, created: false, stops: [] };
}
