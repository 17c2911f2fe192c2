import type { Deployment } from '../../domain/deployment/deployment.ts';
import { Fault } from '../../domain/faults.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import { DEPLOYED, UPGRADED } from '../../domain/notification/cloud-event.ts';
import type { InStatus, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import { deploymentEvent, hint } from '../engine/deployment-hints.ts';
import { completeExecution, failExecution, goLive, takeBack } from '../engine/outcome.ts';
import { type CommandDeps, runCommand, step } from '../engine/run-command.ts';
import { RACE_LOST } from '../engine/until-committed.ts';

export type OutcomeInput = {
  readonly tenant: string;
  readonly deployment_id: string;
  /** Who reports: the gateway's own machine. */
  readonly actor: Actor;
  readonly outcome: 'live' | 'failed';
  readonly message?: string;
  /** What the deployment's record keeps of it. */
  readonly details?: Deployment['details'];
};

type Failed = InStatus<'failed'>;

/**
 * Takes a gateway's report of what a promotion deployed, in time or late: the promotion completes or fails in one commit, and its
 * workflow is woken. After a failure of unknown outcome the report settles the head and the deployment, and the promotion, which stays failed,
 * says so. The same report again changes nothing. Refuses `not_found`, and `invalid_transition` on what contradicts a known outcome.
 */
export async function recordOutcome(
  deps: CommandDeps,
  input: OutcomeInput,
): Promise<PromotionState | Refusal> {
  const { tenant, deployment_id, actor, outcome, message, details } = input;
  const deployment = await deps.deployments.read(tenant, deployment_id);
  const id = deployment?.promotion_id;
  if (id === undefined) return refuse('not_found', `no promotion deployed ${deployment_id}`);
  const ref = { tenant, id };
  const state =
    outcome === 'live'
      ? await completeExecution(deps, ref, { actor, by: 'caller', details })
      : await failExecution(deps, ref, { actor, by: 'caller', failure: reported(message) });
  if (isRefusal(state)) return state;
  if (isUnsettled(state)) return await settleLate(deps, state, input);
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

/** The head was kept claimed for this report: it moves, and the promotion says what became of it, in one commit. */
async function settleLate(
  deps: CommandDeps,
  { tenant, id }: Failed,
  { actor, outcome, message }: OutcomeInput,
): Promise<PromotionState | Refusal> {
  let live: Deployment | undefined;
  const settled = await runCommand(deps, { tenant, id }, 'caller', async ({ state }, now) => {
    live = undefined;
    const change = step(state, { type: 'settle_outcome', outcome }, { now, actor });
    if (change === undefined) return undefined;
    if (isRefusal(change)) return contradicts(state, outcome);
    if (!isUnsettled(state)) return RACE_LOST;
    const deployment = await deps.deployments.read(tenant, state.deployment_id);
    if (deployment === undefined) throw new Fault('Corrupt', `${state.deployment_id} vanished`);
    const writes = await settling(deps, state, { actor, outcome, message: reported(message).message }, now);
    if (writes === RACE_LOST) return RACE_LOST;
    if (outcome === 'live') live = { ...deployment, version: deployment.version + 1 };
    return { ...change, writes };
  });
  if (live !== undefined && !isRefusal(settled)) {
    const type = settled.seal.plan.base.digest === null ? DEPLOYED : UPGRADED;
    await hint(deps, deploymentEvent(tenant, type, live, deps.clock.now()));
  }
  return settled;
}

async function settling(
  deps: CommandDeps,
  state: Failed & { readonly deployment_id: string },
  { actor, outcome, message }: Pick<OutcomeInput, 'actor' | 'outcome'> & { readonly message: string },
  now: string,
): Promise<readonly Write[] | typeof RACE_LOST> {
  if (outcome === 'failed') return await takeBack(deps, state, { message }, now);
  const alive = await goLive(deps, state, { actor }, now);
  return alive === RACE_LOST ? RACE_LOST : alive.writes;
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
