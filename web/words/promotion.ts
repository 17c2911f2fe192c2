import type { PromotionView } from '../../functions/contract/promotion-view.ts';
import { spokenInstant } from '../../functions/domain/instant.ts';
import { unreachable } from '../../functions/domain/unreachable.ts';
import { count, plain, subjectName, type Tone } from './status.ts';

/** What these sentences need to know of a promotion, in whichever case it was read. */
export type Told = Pick<PromotionView, 'type' | 'subject' | 'status' | 'execution'> & {
  readonly source: string;
  readonly target: string;
  readonly waitingFor: PromotionView['waiting_for'];
  readonly blockedBy: readonly string[];
  readonly granted: number;
  readonly required: number;
  /** Groups of which too few have approved. */
  readonly lacking: readonly string[];
  readonly scheduledAt: string | null;
  readonly expiresAt: string;
  readonly reasonCode: string | null;
  readonly rejectionReason: string | null;
  readonly changesRequested: string | null;
  readonly failure: { readonly message: string } | null;
};

/** A promotion of the snake_case API, as these sentences need it. */
export const told = (promotion: PromotionView): Told => ({
  type: promotion.type,
  subject: promotion.subject,
  status: promotion.status,
  execution: promotion.execution,
  source: promotion.source_environment,
  target: promotion.target_environment,
  waitingFor: promotion.waiting_for,
  blockedBy: promotion.blocked_by,
  granted: promotion.approvals.filter((one) => one.manifest_digest === promotion.manifest_digest).length,
  required: promotion.required_approvers,
  lacking: promotion.missing_groups ?? [],
  scheduledAt: promotion.scheduled_at,
  expiresAt: promotion.expires_at,
  reasonCode: promotion.reason_code,
  rejectionReason: promotion.rejection_reason,
  changesRequested: promotion.changes_requested,
  failure: promotion.failure,
});

/** What a promotion is, in a line: `agent-123 to production`. */
export const titleOf = ({ type, subject, target }: Pick<Told, 'type' | 'subject' | 'target'>): string =>
  type === 'rollback'
    ? `Roll back ${subjectName(subject)} in ${target}`
    : `${capital(subjectName(subject))} to ${target}`;

const capital = (text: string): string => (text === 'configuration' ? 'Configuration' : text);

/** What it waits for, and what happens then: the sentence that each page begins with. */
export function nextStep(promotion: Told): string {
  const { status, target } = promotion;
  switch (status) {
    case 'pending':
      return pending(promotion);
    case 'blocked':
      return `${listed(promotion.blockedBy)} did not pass. New evidence, or assessing again, may let it on.`;
    case 'approved':
      if (promotion.reasonCode === 'governor') {
        return `It is held, since what governs ${target} was weakened. Somebody who did not weaken it has to execute it.`;
      }
      return promotion.execution === 'automatic'
        ? 'Everything is there. It executes now.'
        : 'Everything is there. It waits for somebody to execute it.';
    case 'scheduled':
      return `It executes at ${promotion.scheduledAt === null ? 'its time' : spokenInstant(promotion.scheduledAt)}.`;
    case 'executing':
      return `It is on its way into ${target}. There is no way back but completed or failed.`;
    case 'completed':
      return `It runs in ${target}.`;
    case 'rejected':
      return `It ended: ${promotion.rejectionReason ?? 'a person said no'}.`;
    case 'cancelled':
      return 'It was cancelled before it executed. Nothing changed.';
    case 'failed':
      return promotion.failure === null ? 'It failed.' : `It failed: ${promotion.failure.message}.`;
    case 'rolled_back':
      return `It was taken back. ${capitalFirst(target)} runs what it ran before.`;
    default:
      return unreachable(status);
  }
}

function pending(promotion: Told): string {
  switch (promotion.waitingFor) {
    case 'approval': {
      const missing = Math.max(1, promotion.required - promotion.granted);
      const of = promotion.lacking.length === 0 ? '' : `, of ${listed(promotion.lacking)}`;
      return `It waits for ${count(missing, 'more approval').replace(/^1 more/, 'one more')}${of}. ${afterApproval(promotion)}`;
    }
    case 'changes':
      return `Changes were requested${promotion.changesRequested === null ? '' : `: “${promotion.changesRequested}”`}. The requester answers by resubmitting it.`;
    case 'assessment':
      return promotion.reasonCode === null
        ? 'It is being assessed.'
        : `It is assessed again: ${plain(promotion.reasonCode)}.`;
    case 'execution':
    case null:
      return 'It is on its way.';
    default:
      return unreachable(promotion.waitingFor);
  }
}

/** What the last approval causes. */
export function afterApproval({ execution, scheduledAt }: Pick<Told, 'execution' | 'scheduledAt'>): string {
  if (scheduledAt !== null) return `After that it executes at ${spokenInstant(scheduledAt)}.`;
  return execution === 'automatic'
    ? 'After that it executes at once.'
    : 'After that it waits for somebody to execute it.';
}

const waitsInCell = (granted: number, required: number, lacking: readonly string[]): string =>
  granted >= required && lacking.length > 0
    ? `waits for approval by ${listed(lacking)}`
    : `waits for approval, ${granted} of ${required}`;

/** What stands in a cell of the matrix below the version that runs there. */
export function inCell(promotion: Told): { readonly text: string; readonly tone: Tone } {
  const { status, granted, required, lacking, waitingFor, blockedBy } = promotion;
  switch (status) {
    case 'pending':
      return waitingFor === 'approval'
        ? { text: waitsInCell(granted, required, lacking), tone: 'wait' }
        : { text: `waits for ${waitingFor ?? 'assessment'}`, tone: 'wait' };
    case 'blocked':
      return { text: `blocked by ${listed(blockedBy)}`, tone: 'stop' };
    case 'approved':
      return { text: 'approved, waits for execution', tone: 'ok' };
    case 'scheduled':
      return {
        text: promotion.scheduledAt === null ? 'scheduled' : `at ${spokenInstant(promotion.scheduledAt)}`,
        tone: 'hold',
      };
    case 'executing':
      return { text: 'executing', tone: 'move' };
    default:
      return { text: plain(status), tone: 'off' };
  }
}

/** Names as a list in a sentence. */
export function listed(names: readonly string[]): string {
  if (names.length === 0) return 'a gate';
  if (names.length === 1) return String(names[0]);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const capitalFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
