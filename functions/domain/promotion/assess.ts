import { type Actor, SYSTEM } from '../identity/principal.ts';
import { addDuration } from '../instant.ts';
import { canonicalJson } from '../jcs.ts';
import type { RuleDecided } from '../policy/rule-applied.ts';
import { unreachable } from '../unreachable.ts';
import type { AssessmentFacts, Context } from './commands.ts';
import type { Assessment, PromotionEvent } from './events.ts';
import { decisionDigest, failingGates, judge } from './judge.ts';
import { countApprovals } from './quorum.ts';
import { differenceOf, type Sealable, seal } from './seal.ts';
import type { Approval, OpenState, Schedule } from './state.ts';
import { stopsOf } from './stops.ts';

type PromotionBlocked = Extract<PromotionEvent, { readonly type: 'PromotionBlocked' }>;

/** Seals and judges on fresh facts, with the approvals that are to count. */
export function judgeAnew(
  promotion: Sealable & { readonly id: string; readonly rule?: RuleDecided },
  approvals: readonly Approval[],
  facts: AssessmentFacts,
  context: Context,
): Assessment {
  const sealed = seal(promotion, facts);
  const { evidence, conditions } = facts;
  const decision = judge({
    promotion_id: promotion.id,
    seal: sealed,
    evidence,
    conditions,
    approvals,
    as_of: context.now,
    ...(promotion.rule === undefined ? {} : { rule: promotion.rule }),
  });
  return { seal: sealed, facts: conditions, decision, decision_digest: decisionDigest(decision) };
}

/** The event of an assessment. Approvals expire `expires_after` from the moment the manifest was sealed as it is. */
export function assessed(assessment: Assessment, expires_at: string): PromotionEvent {
  return { type: 'PromotionAssessed', ...assessment, expires_at };
}

/** When the approvals of a manifest sealed now expire. */
export function expiryOf({ seal: { requirements } }: Assessment, context: Context): string {
  return addDuration(context.now, requirements.expires_after);
}

/** The event of a denial: which gates did not pass, and why the first of them did not. */
export function blockedByGates({ decision }: Assessment): PromotionBlocked {
  const failing = failingGates(decision);
  return {
    type: 'PromotionBlocked',
    blocked_by: failing.map(({ name }) => name),
    reason_code: failing[0]?.reason_code ?? 'gate_failed',
  };
}

/** The event of something outside the promotion in its way; `asked`: who had asked for its execution. */
export function blockedBy(code: string, asked?: Actor): PromotionBlocked {
  const intent = asked === undefined ? {} : { execution_requested: asked };
  return { type: 'PromotionBlocked', blocked_by: [code], reason_code: code, ...intent };
}

/** What being approved needs to know of a promotion. */
export type Approvable = Pick<OpenState, 'execution' | 'approvals' | 'seal'> & {
  readonly schedule?: Schedule;
};

/**
 * Approval and what follows at once: the kept time is set; one that has passed executes, or fails when it says so; without a time an
 * automatic promotion executes.
 */
export function approved(promotion: Approvable, context: Context): readonly PromotionEvent[] {
  const { schedule, execution } = promotion;
  const event = approval(promotion);
  if (schedule === undefined) {
    return execution === 'automatic' ? [event, executionRequested(SYSTEM, promotion, context)] : [event];
  }
  if (schedule.at > context.now) return [event, { type: 'PromotionScheduled', ...schedule }];
  if (schedule.on_missed === 'execute') return [event, executionRequested(SYSTEM, promotion, context)];
  return [
    event,
    {
      type: 'PromotionFailed',
      code: 'schedule_missed',
      message: `It was approved after the time it was scheduled for, ${schedule.at}.`,
      technical: `approved at ${context.now}, scheduled for ${schedule.at}, on_missed fail`,
      target_state: 'unchanged',
    },
  ];
}

/** The intent to execute. What no person asked for executes for Sluice, whoever’s act it follows. */
export function executionRequested(
  by: Actor,
  { schedule }: { readonly schedule?: Schedule },
  { actor }: Context,
): PromotionEvent {
  const cause = schedule === undefined ? 'automatic' : 'schedule';
  return {
    type: 'ExecutionRequested',
    ...(by.subject === actor.subject ? {} : { by }),
    ...(by.kind === 'system' ? { cause } : {}),
  };
}

/** That every requirement is met, and who completed the quorum. */
export function approval({ seal: sealed, approvals }: Approvable): PromotionEvent {
  const { completed_by } = countApprovals(sealed.requirements, approvals, sealed.manifest_digest);
  return { type: 'PromotionApproved', ...(completed_by === undefined ? {} : { approved_by: completed_by }) };
}

/**
 * `forced`: something was added (evidence, a resubmission), so the assessment is recorded though it may say the same. `looked`: somebody
 * asked for it who may be taken to have seen what it is about.
 */
export type Reassessment = {
  readonly reason_code?: string;
  readonly forced?: boolean;
  readonly looked: boolean;
};

/**
 * Assesses an open promotion again. Another manifest voids what was approved; the same keeps it. No event when nothing has changed.
 * A moved target is looked at first: where nobody has to approve, it does not go on by itself.
 */
export function reassess(
  state: OpenState,
  facts: AssessmentFacts,
  context: Context,
  { reason_code, forced = false, looked }: Reassessment,
): readonly PromotionEvent[] {
  const difference = differenceOf(state.seal, seal(state, facts));
  const approvals = difference === undefined ? state.approvals : [];
  const assessment = judgeAnew(state, approvals, facts, context);
  const next = { ...state, seal: assessment.seal, approvals };
  const unseen = !looked && (difference === 'target_moved' || waitsForALook(state));
  const verdict = verdictOn(state, next, { assessment, difference, unseen }, facts, context);
  const found = difference === undefined && sameFindings(state, assessment);
  if (!forced && found && verdict.settled) return [];
  const voided: readonly PromotionEvent[] =
    difference === undefined
      ? []
      : [
          {
            type: 'ApprovalsVoided',
            reason_code: unseen ? 'target_moved' : (reason_code ?? difference),
            manifest_digest: state.seal.manifest_digest,
          },
        ];
  const expires_at = difference === undefined ? state.expires_at : expiryOf(assessment, context);
  return [...voided, assessed(assessment, expires_at), ...verdict.events];
}

/** `unseen`: the target moved and nobody has looked yet. */
type Findings = {
  readonly assessment: Assessment;
  readonly difference: string | undefined;
  readonly unseen: boolean;
};
/** What follows a recorded assessment; `settled` when the promotion stands there already. */
type Verdict = { readonly events: readonly PromotionEvent[]; readonly settled: boolean };

function verdictOn(
  state: OpenState,
  next: Approvable,
  { assessment, difference, unseen }: Findings,
  facts: AssessmentFacts,
  context: Context,
): Verdict {
  const { outcome } = assessment.decision;
  switch (outcome) {
    case 'deny': {
      const blocked = blockedByGates(assessment);
      return { events: [blocked], settled: stands(state, blocked) };
    }
    case 'pending':
      return { events: [], settled: state.status === 'pending' && state.waiting_for === 'approval' };
    case 'allow': {
      if (difference === undefined) {
        if (state.status === 'approved' || state.status === 'scheduled') return { events: [], settled: true };
        const stopped = stillStopped(state, facts);
        if (stopped !== undefined) return { events: [stopped], settled: stands(state, stopped) };
      }
      if (unseen) return { events: [], settled: true };
      // Its time had come, or a person had asked, before it was stopped: what was in time then is in time now.
      const asked =
        difference === undefined && state.status === 'blocked' ? state.execution_requested : undefined;
      if (asked !== undefined) {
        return { events: [approval(next), executionRequested(asked, state, context)], settled: false };
      }
      return { events: approved(next, context), settled: false };
    }
    default:
      return unreachable(outcome);
  }
}

/** A promotion whose target moved under it and that nobody has to approve. */
function waitsForALook(state: OpenState): boolean {
  const { status, reason_code } = state;
  return status === 'pending' && state.waiting_for === 'assessment' && reason_code === 'target_moved';
}

/** The stop that blocked a promotion, while it lasts. */
function stillStopped(state: OpenState, facts: AssessmentFacts): PromotionBlocked | undefined {
  if (state.status !== 'blocked') return undefined;
  const lasting = stopsOf(state, facts).find(({ code }) => state.blocked_by.includes(code));
  return lasting === undefined ? undefined : blockedBy(lasting.code, state.execution_requested);
}

function stands(state: OpenState, { blocked_by }: PromotionBlocked): boolean {
  return state.status === 'blocked' && canonicalJson(state.blocked_by) === canonicalJson(blocked_by);
}

/** Whether an assessment found what the last recorded one found. When it was made, and who has approved since, is not in it. */
function sameFindings(state: OpenState, { seal: { plan }, decision }: Assessment): boolean {
  return (
    state.seal.plan.base.digest === plan.base.digest &&
    canonicalJson(state.gates) === canonicalJson(decision.gates)
  );
}
