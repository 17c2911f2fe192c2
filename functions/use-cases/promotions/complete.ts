import type { Deployment } from '../../domain/deployment/deployment.ts';
import { Fault } from '../../domain/faults.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import { DEPLOYED, UPGRADED } from '../../domain/notification/cloud-event.ts';
import type { InStatus, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { deploymentEvent, hint } from '../deployments/hints.ts';
import { completeExecution, failExecution, goLive, takeBack } from '../engine/outcome.ts';
import { type CommandDeps, commitOrUnknown } from '../engine/run-command.ts';
import { LOST, untilCommitted } from '../engine/until-committed.ts';

export type OutcomeInput = {
  readonly tenant: string;
  readonly deployment_id: string;
  /** Who reports: the gateway's own machine. */
  readonly actor: Actor;
  readonly outcome: 'live' | 'failed';
  readonly message?: string;
};

type Failed = InStatus<'failed'>;

/**
 * Takes a gateway's report of what a promotion deployed, in time or late: the promotion completes or fails in one commit, and its
 * workflow is woken. After a failure of unknown outcome the report settles only the head and the deployment, since the promotion is
 * closed. The same report again changes nothing. Refuses `not_found`, and `invalid_transition` on what contradicts a known outcome.
 */
export async function recordOutcome(
  deps: CommandDeps,
  input: OutcomeInput,
): Promise<PromotionState | Refusal> {
  const { tenant, deployment_id, actor, outcome, message } = input;
  const deployment = await deps.deployments.read(tenant, deployment_id);
  const id = deployment?.promotion_id;
  if (id === undefined) return refuse('not_found', `no promotion deployed ${deployment_id}`);
  const ref = { tenant, id };
  const state =
    outcome === 'live'
      ? await completeExecution(deps, ref, { actor, by: 'caller' })
      : await failExecution(deps, ref, { actor, by: 'caller', failure: reported(message) });
  if (isRefusal(state)) return state;
  if (isUnsettled(state)) return (await settleLate(deps, state, input)) ?? state;
  if (state.status === (outcome === 'live' ? 'completed' : 'failed')) return state;
  if (state.status === 'rolled_back' && outcome === 'live') return state;
  return contradicts(state, outcome);
}

function reported(message = 'The gateway reported that the deployment failed.') {
  return {
    code: 'deployment_failed',
    message,
    technical: 'reported by the gateway',
    target_state: 'unchanged',
  } as const;
}

function isUnsettled(state: PromotionState): state is Failed & { readonly deployment_id: string } {
  return (
    state.status === 'failed' && state.failure.target_state === 'unknown' && state.deployment_id !== undefined
  );
}

/** The head was kept claimed for this report. */
async function settleLate(
  deps: CommandDeps,
  state: Failed & { readonly deployment_id: string },
  { actor, outcome, message }: OutcomeInput,
): Promise<Refusal | undefined> {
  const { tenant, deployment_id } = state;
  const settled = await untilCommitted<{ readonly deployment: Deployment; readonly now: boolean }>(
    deps,
    async () => {
      const deployment = await deps.deployments.read(tenant, deployment_id);
      if (deployment === undefined) throw new Fault('Corrupt', `${deployment_id} vanished`);
      if (deployment.status !== 'PENDING') return { deployment, now: false };
      const now = deps.clock.now();
      const alive = outcome === 'live' ? await goLive(deps, state, actor, now) : undefined;
      const writes =
        alive === undefined ? await takeBack(deps, state, reported(message).message, now) : alive;
      if (writes === LOST) return LOST;
      const result = await commitOrUnknown(deps, tenant, 'writes' in writes ? writes.writes : writes);
      if (result === 'unknown' || !result.committed) return LOST;
      return { deployment, now: true };
    },
  );
  const { deployment } = settled;
  if (!settled.now) {
    const wanted = outcome === 'live' ? 'DEPLOYED' : 'FAILED';
    return deployment.status === wanted ? undefined : contradicts(state, outcome);
  }
  if (outcome === 'live') {
    const type = state.seal.plan.base.digest === null ? DEPLOYED : UPGRADED;
    await hint(
      deps,
      deploymentEvent(tenant, type, { ...deployment, version: deployment.version + 1 }, deps.clock.now()),
    );
  }
  return undefined;
}

function contradicts(state: PromotionState, outcome: OutcomeInput['outcome']): Refusal {
  return refuse(
    'invalid_transition',
    `the promotion is ${state.status}: it cannot be reported ${outcome} now`,
    {
      status: state.status,
    },
  );
}
