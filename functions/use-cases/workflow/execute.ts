import type { Deployment } from '../../domain/deployment/deployment.ts';
import { Fault } from '../../domain/faults.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import type { Failure, InStatus, PromotionState } from '../../domain/promotion/state.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import { attemptEffect } from '../engine/attempts.ts';
import { type ClaimDeps, startExecution } from '../engine/claim.ts';
import { refOf } from '../engine/dispatch-outbox.ts';
import { completeExecution, failExecution, turnedDown, unreached } from '../engine/outcome.ts';
import type { EffectDeps } from '../kinds/kind.ts';
import { assertAccepted } from './assert-accepted.ts';

export type ExecuteDeps = ClaimDeps & EffectDeps;

/**
 * The step Execute: claim, effect, commit. Run again, in any process, it goes on where the first run stopped: the same deployment
 * under the same key. Answers the promotion, which still executes when the gateway reports later. Throws `SealBroken` or
 * `TargetMoved` when the promotion went back to be assessed or waited for, `Unfinished` when the next call goes on with the effect, and
 * `Unavailable` while the outcome is unknown.
 */
export async function execute(
  deps: ExecuteDeps,
  ref: PromotionRef,
  beforeEffect: () => Promise<void> = async () => {},
): Promise<PromotionState> {
  const { state: started, claimed } = assertAccepted(await startExecution(deps, ref));
  if (isClosed(started)) return started;
  if (started.status !== 'executing') throw putBack(started);
  await beforeEffect();
  return await effect(deps, started, claimed);
}

/** What the promotion went back for. A workflow that hears it assesses again, and then waits. */
function putBack(state: PromotionState): Fault {
  const name = state.reason_code === 'target_moved' ? 'TargetMoved' : 'SealBroken';
  return new Fault(
    name,
    `${state.id} is ${state.status}, not executing: ${state.reason_code ?? 'not asked to'}`,
  );
}

async function effect(
  deps: ExecuteDeps,
  state: InStatus<'executing'>,
  first: boolean,
): Promise<PromotionState> {
  const { executor: actor } = state;
  const outcome = await attemptEffect(deps, state, { first });
  switch (outcome.outcome) {
    case 'live':
      return assertAccepted(
        await completeExecution(deps, refOf(state), { actor, by: 'step', details: outcome.details }),
      );
    case 'accepted':
      return state;
    case 'unfinished':
      throw new Fault('Unfinished', outcome.message);
    case 'refused':
      return assertAccepted(
        await failExecution(deps, refOf(state), failing(actor, turnedDown(outcome), outcome)),
      );
    case 'unreached':
      if (!outcome.lasting) throw new Fault('Unavailable', outcome.message);
      return assertAccepted(
        await failExecution(deps, refOf(state), failing(actor, unreached(outcome), outcome)),
      );
    case 'unknown':
      throw new Fault('Unavailable', outcome.message);
    default:
      return unreachable(outcome);
  }
}

const failing = (actor: Actor, failure: Failure, { details }: { readonly details?: Deployment['details'] }) =>
  ({ actor, by: 'step', failure, details }) as const;
