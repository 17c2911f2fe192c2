import type { PromotionView } from '../../functions/contract/promotion-view.ts';
import type { Tone } from '../output/style.ts';
import type { Cell, Table } from '../output/table.ts';

/** What is promoted: `agent-123`, `platform`, or `config`. */
export const subjectOf = ({ kind, subject }: PromotionView): string =>
  kind === 'config' ? 'config' : `${kind} ${subject.name}`;

export const hop = ({ source_environment, target_environment }: PromotionView): string =>
  `${source_environment} → ${target_environment}`;

const TONES: { readonly [status in PromotionView['status']]: Tone } = {
  pending: 'waiting',
  blocked: 'bad',
  approved: 'good',
  scheduled: 'waiting',
  executing: 'waiting',
  completed: 'good',
  rejected: 'bad',
  cancelled: 'faint',
  failed: 'bad',
  rolled_back: 'faint',
};

export const statusCell = ({ status, would_be }: PromotionView): Cell => {
  const shown = would_be ?? status;
  return { text: would_be === undefined ? shown : `would be ${shown}`, tone: TONES[shown] };
};

/** What a promotion waits for, as people say it; empty when it waits for nothing. */
export function waitsFor(promotion: PromotionView): string {
  const { status, waiting_for, blocked_by, required_approvers, approvals, scheduled_at, reason_code } =
    promotion;
  if (status === 'blocked') return `gates: ${blocked_by.join(', ')}`;
  if (status === 'scheduled') return `its time, ${scheduled_at}`;
  if (status === 'executing') return 'its target';
  switch (waiting_for) {
    case 'approval':
      return `approval (${approvals.length} of ${required_approvers}${missingOf(promotion)})`;
    case 'execution':
      return reason_code === 'governor'
        ? 'execution by somebody who did not weaken what governs it'
        : 'execution';
    case 'changes':
      return 'changes by the requester';
    case 'assessment':
      return 'its gates';
    case null:
      return '';
    default:
      return waiting_for satisfies never;
  }
}

/** Names the groups of which too few have approved. */
const missingOf = ({ missing_groups = [] }: PromotionView): string =>
  missing_groups.length === 0 ? '' : `; missing: ${missing_groups.join(', ')}`;

/** Why a promotion is pending, as the artifact document writes it: `blocked: security_scan failed`. */
export function pendingWhy(promotion: PromotionView): string {
  const { status, blocked_by, gates } = promotion;
  if (status !== 'blocked') return waitsFor(promotion);
  const why = blocked_by.map((name) => {
    const gate = gates.find((one) => one.name === name);
    return gate === undefined ? name : `${name} ${SAID[gate.status]}`;
  });
  return `blocked: ${why.join(', ')}`;
}

const SAID: { readonly [status in PromotionView['gates'][number]['status']]: string } = {
  PASSED: 'passed',
  FAILED: 'failed',
  ERROR: 'not judged',
  WARNING: 'warned',
  SKIPPED: 'skipped',
  PENDING: 'pending',
};

const MARKS: { readonly [status in PromotionView['gates'][number]['status']]: string } = {
  PASSED: '✓',
  FAILED: '✗',
  ERROR: '✗',
  WARNING: '!',
  SKIPPED: '–',
  PENDING: '…',
};
/** One mark for each gate, in the order of the environment. */
export const gateMarks = (gates: PromotionView['gates']): string =>
  gates.map(({ status }) => MARKS[status]).join('');

/** Promotions as a table. */
export function promotionTable(promotions: readonly PromotionView[]): Table {
  return {
    columns: ['ID', 'Subject', 'Hop', 'Status', 'Waits for', 'Gates', 'Requested by', 'Requested at'],
    rows: promotions.map((one) => [
      one.id,
      subjectOf(one),
      hop(one),
      statusCell(one),
      waitsFor(one),
      gateMarks(one.gates),
      one.created_by_email || one.created_by,
      one.created_at,
    ]),
  };
}

const VERIFIED = { pending: 'waiting', passed: 'good', failed: 'bad', unknown: 'waiting' } as const;

/** Whether what went live holds, and what followed by itself from its failure; empty where nobody asks. */
function verificationCell({ verification }: PromotionView): Cell {
  if (verification === null) return '';
  const { status, gate, until, reason_code, rollback } = verification;
  const why = status === 'pending' ? `waits for a report until ${until}` : reason_code;
  const followed =
    rollback === null
      ? ''
      : `; ${rollback.promotion_id === null ? `not rolled back: ${rollback.reason_code}` : `rolled back by ${rollback.promotion_id}`}`;
  return { text: `${status} (${gate}, ${why})${followed}`, tone: VERIFIED[status] };
}

/** One promotion, member by member. */
export function promotionDetails(promotion: PromotionView): Table {
  const { failure, approvals, gates, rejection_reason, changes_requested } = promotion;
  const rows: (readonly [string, Cell])[] = [
    ['id', promotion.id],
    ['subject', subjectOf(promotion)],
    ['type', promotion.type],
    ['hop', hop(promotion)],
    ['status', statusCell(promotion)],
    ['waits for', waitsFor(promotion)],
    ['requested', `${promotion.created_at} by ${promotion.created_by_email || promotion.created_by}`],
    ['expires', promotion.status === 'pending' ? promotion.expires_at : ''],
    ['manifest', promotion.manifest_digest],
    ...approvals.map(({ email, subject, at, comment }): [string, string] => [
      'approved',
      `${at} by ${email || subject}${comment === null ? '' : `: ${comment}`}`,
    ]),
    ...gates.map(({ name, status, mode, reason_code }): [string, Cell] => [
      `gate ${name}`,
      { text: `${status} (${mode}, ${reason_code})`, tone: status === 'PASSED' ? 'good' : 'plain' },
    ]),
    ...(promotion.stopped_by ?? []).map(({ detail, ends_at }): [string, string] => [
      'stopped by',
      ends_at === null ? detail : `${detail} (until ${ends_at})`,
    ]),
    ['rejected', rejection_reason ?? ''],
    ['changes asked', changes_requested ?? ''],
    ['completed', promotion.completed_at ?? ''],
    ['verification', verificationCell(promotion)],
    [
      'failure',
      failure === null ? '' : `${failure.message} (${failure.code}, target ${failure.target_state})`,
    ],
  ];
  return { columns: ['Field', 'Value'], rows: rows.filter(([, value]) => value !== '') };
}
