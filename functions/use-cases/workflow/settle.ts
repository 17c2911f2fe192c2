import { FAULTS, Fault } from '../../domain/faults.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { addDuration } from '../../domain/instant.ts';
import { oneLine } from '../../domain/one-line.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import type { Failure, InStatus, PromotionState } from '../../domain/promotion/state.ts';
import { refuse } from '../../domain/refusal.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import { attemptEffect, type Effect } from '../engine/attempts.ts';
import { refOf } from '../engine/dispatch-outbox.ts';
import type { By } from '../engine/intent.ts';
import { completeExecution, failExecution, turnedDown, unreached } from '../engine/outcome.ts';
import { type CommandDeps, runCommand, step } from '../engine/run-command.ts';
import type { EffectDeps } from '../kinds/kind.ts';
import { assertAccepted } from './assert-accepted.ts';

/** What broke: the name of an error as the state machine reports it. `patient`: a gateway that accepted is given time to report. */
export type Broken = { readonly error: string; readonly patient: boolean };

/** When the sweep looks again at a promotion whose execution broke off: soon, but not in a tight circle. */
const NEXT_LOOK = 'PT5M';

/** Faults that say nothing about the promotion: the same step may well succeed in the next attempt. */
const PASSING = /^(Unavailable|Throttled|FormatUnsupported|ReadOnly|States\.Timeout|Sandbox\.|Lambda\.)/;

/**
 * Puts in order what an execution left: an effect under way is asked for once more and then recorded as what it is; what was never
 * begun fails, unless the fault may pass; everything else is left to the next attempt, which the sweep begins.
 */
export async function settle(
  deps: CommandDeps & EffectDeps,
  ref: PromotionRef,
  broken: Broken,
  by: By = 'step',
): Promise<PromotionState> {
  const stored = await deps.promotions.read(ref.tenant, ref.id);
  const state = assertAccepted(stored?.state ?? refuse('not_found', `there is no promotion ${ref.id}`));
  if (isClosed(state)) return state;
  if (state.status === 'executing') return await settleEffect(deps, state, broken, by);
  const asked = state.status === 'approved' && state.execution_requested !== undefined;
  if (asked && !PASSING.test(broken.error)) return await giveUp(deps, ref, broken, by);
  await deps.workflowRecords.postpone(ref, state.seq, addDuration(deps.clock.now(), NEXT_LOOK));
  return state;
}

async function settleEffect(
  deps: CommandDeps & EffectDeps,
  state: InStatus<'executing'>,
  broken: Broken,
  by: By,
): Promise<PromotionState> {
  const ref = refOf(state);
  const actor = SYSTEM;
  const outcome = await askedAgain(deps, state);
  switch (outcome.outcome) {
    case 'live':
      return assertAccepted(await completeExecution(deps, ref, { actor, by, details: outcome.details }));
    case 'refused':
      return assertAccepted(await failExecution(deps, ref, { actor, by, ...turnedDownBy(broken, outcome) }));
    case 'unfinished':
      // It makes progress: whoever looks next goes on with it.
      await deps.workflowRecords.postpone(ref, state.seq, addDuration(deps.clock.now(), NEXT_LOOK));
      return state;
    case 'accepted':
      if (broken.patient) return state;
      return assertAccepted(
        await failExecution(deps, ref, {
          actor,
          by,
          failure: unsettled(broken, 'the gateway accepted it and never reported'),
        }),
      );
    case 'unreached':
      return assertAccepted(
        await failExecution(deps, ref, { actor, by, failure: unreached(outcome), details: outcome.details }),
      );
    case 'unknown':
      return assertAccepted(
        await failExecution(deps, ref, { actor, by, failure: unsettled(broken, outcome.message) }),
      );
    default:
      return unreachable(outcome);
  }
}

/** A table that is away is asked again. Any other throw leaves an attempt behind of which nobody knows the end, and that is recorded. */
async function askedAgain(deps: CommandDeps & EffectDeps, state: InStatus<'executing'>): Promise<Effect> {
  try {
    return await attemptEffect(deps, state, { first: false });
  } catch (error) {
    if (error instanceof Fault && FAULTS[error.name].retry) throw error;
    return { outcome: 'unknown', message: 'asking the gateway broke off' };
  }
}

function unsettled({ error }: Broken, last: string): Failure {
  return {
    code: 'outcome_unknown',
    message:
      'It is not known whether the gateway deployed it: the target stays claimed until that is reported.',
    technical: technical(error, last),
    target_state: 'unknown',
  };
}

function turnedDownBy({ error }: Broken, outcome: Extract<Effect, { readonly outcome: 'refused' }>) {
  const failure = { ...turnedDown(outcome), technical: technical(error, outcome.message) };
  return { failure, details: outcome.details };
}

/** Approved and never begun: nothing outside has happened. */
async function giveUp(
  deps: CommandDeps,
  ref: PromotionRef,
  { error }: Broken,
  by: By,
): Promise<PromotionState> {
  return assertAccepted(
    await runCommand(deps, ref, by, async ({ state }, now) => {
      if (state.status !== 'approved') return undefined;
      return step(
        state,
        {
          type: 'fail',
          code: 'not_started',
          message: 'The execution could not be started.',
          technical: technical(error, 'the step broke off before anything was claimed'),
          target_state: 'unchanged',
        },
        { now, actor: SYSTEM },
      );
    }),
  );
}

/** Characters of a sentence that an error or a gateway wrote. */
const SENTENCE = 300;

/** The error's name and one sentence. The cause that a state machine hands on is a stack trace with paths of files: it is for the log. */
function technical(error: string, sentence: string): string {
  const code = /^[A-Za-z][A-Za-z0-9._]{0,79}$/.test(error) ? error : 'Unknown';
  return `${code}: ${oneLine(sentence).slice(0, SENTENCE).toWellFormed()}`;
}
