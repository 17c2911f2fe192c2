import type { Actor } from '../../domain/identity/principal.ts';
import type { Notice } from '../../domain/notification/notice.ts';
import { nameOf } from '../../domain/notification/words.ts';
import { oneLine } from '../../domain/one-line.ts';
import type { PromotionEvent } from '../../domain/promotion/events.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { context, type Message, section } from './blocks.ts';
import { cutMarkup, escaped, LIMITS, named } from './text.ts';
import { promotionTitle } from './title.ts';

/** The message that tells of one event and asks for nothing. */
export function noticeMessage({ promotion, event, severity }: Notice): Message {
  const title = promotionTitle(promotion);
  const mark = severity === 'info' ? '' : severity === 'warning' ? ':warning: ' : ':rotating_light: ';
  const told = `${mark}${happened(event.event, event.actor)}`;
  return {
    text: cutMarkup(`${told} (${title})`, LIMITS.message),
    blocks: [section(`${told}\n${title}`), context(`${named(promotion.id)} · ${event.at}`)],
  };
}

/** Characters of a reason that are shown. */
const REASON = 1_500;
const reason = (text: string): string => escaped(oneLine(text), REASON);

const VERIFIED = {
  passed: 'The verification passed: what went live holds.',
  failed: 'The verification failed: what went live does not hold.',
  unknown: 'The verification is unknown: no report decided it in time.',
} as const;

function happened(event: PromotionEvent, actor: Actor): string {
  const who = actor.kind === 'system' ? 'Sluice' : named(nameOf(actor));
  switch (event.type) {
    case 'PromotionRequested':
      return `${who} requested a promotion.`;
    case 'PromotionAssessed':
      return 'The promotion was assessed.';
    case 'PromotionBlocked':
      return `The promotion is blocked by ${event.blocked_by.map(named).join(', ')}.`;
    case 'EvidenceAttached':
      return `${who} attached evidence for the gate ${named(event.gate)}.`;
    case 'ApprovalGranted': {
      const { comment } = event.approval;
      return comment === undefined ? `${who} approved.` : `${who} approved: ${reason(comment)}`;
    }
    case 'ChangesRequested':
      return `${who} requested changes: ${reason(event.reason)}`;
    case 'PromotionResubmitted':
      return `${who} submitted the promotion again.`;
    case 'ApprovalsVoided':
      return event.approvers === undefined
        ? 'What was approved has changed: its approvals are void.'
        : 'An approver may not approve any more: that approval is void.';
    case 'PromotionApproved':
      return 'The promotion is approved.';
    case 'ExecutionHeld':
      return 'What governs the promotion was weakened: another person must execute it.';
    case 'PromotionRejected':
      return event.closed_by === 'expiry'
        ? 'The promotion expired before it was decided.'
        : `${who} rejected: ${reason(event.reason)}`;
    case 'PromotionScheduled':
      return `${who} scheduled the promotion for ${event.at}.`;
    case 'PromotionUnscheduled':
      return `${who} took the schedule back.`;
    case 'ExecutionRequested':
      return `${who} asked for its execution.`;
    case 'ExecutionStarted':
      return 'The execution has begun.';
    case 'PromotionCompleted':
      return 'The promotion is completed.';
    case 'PromotionFailed':
      return `The promotion failed: ${reason(event.message)}`;
    case 'PromotionCancelled':
      return event.reason === undefined
        ? `${who} cancelled the promotion.`
        : `${who} cancelled the promotion: ${reason(event.reason)}`;
    case 'PromotionRolledBack':
      return 'The promotion is rolled back.';
    case 'OutcomeSettled':
      return event.outcome === 'live'
        ? `${who} reported that the deployment is live after all.`
        : `${who} reported that nothing was deployed.`;
    case 'OutcomeReversed': {
      const said =
        event.outcome === 'failed'
          ? `${who} reported that the deployment failed after it was live`
          : `${who} reported that the deployment was rolled back at the gateway`;
      return event.message === undefined ? `${said}.` : `${said}: ${reason(event.message)}`;
    }
    case 'VerificationDecided':
      return VERIFIED[event.outcome];
    case 'RollbackBegun':
      return `Sluice began a rollback by itself: ${named(event.promotion_id)}.`;
    case 'RollbackDeclined':
      return `Sluice did not roll back by itself: ${reason(event.reason_code)}.`;
    default:
      return unreachable(event);
  }
}
