import type { AuditRecordView, ChangeView } from '../../contract/audit.ts';
import { type Change, type ChangeValues, changeDigest } from '../../domain/audit/change.ts';
import type { Weakening } from '../../domain/policy/weakening/weakening.ts';
import { actorView } from './promotion-views.ts';

/** A change as the API shows it, by the digest that the next one and checkpoints name it by. */
export function changeView(change: Change): ChangeView {
  const { seq, at, actor, action, target, reason, weakens = [], before, after, values } = change;
  const { confirmed_by, unconfirmed } = change;
  const shown = {
    seq,
    at,
    actor: actorView(actor),
    action,
    target,
    weakens: weakensView(weakens),
    confirmed_by: confirmed_by === undefined ? null : actorView(confirmed_by),
    unconfirmed: unconfirmed ?? null,
    before,
    after,
    values: values === undefined ? null : valuesView(values),
  };
  return { ...shown, reason: reason ?? null, chain: changeDigest(change) };
}

/** What is weakened, as the API shows it. */
export const weakensView = (weakens: readonly Weakening[]): ChangeView['weakens'] =>
  weakens.map(({ kinds, ...one }) => ({ ...one, kinds: [...kinds] }));

/** What stood before and after, as the API shows it. */
export function valuesView({ before, after }: ChangeValues): NonNullable<ChangeView['values']> {
  return {
    before: before === undefined ? null : { ...before },
    after: after === undefined ? null : { ...after },
  };
}

/** Audit records as CSV (RFC 4180), a header first; several values in one field are separated by spaces. */
export function auditCsv(records: readonly AuditRecordView[]): string {
  const rows = records.map((record) => [
    record.promotion_id,
    record.artifact.kind,
    record.artifact.name,
    record.artifact.version ?? '',
    record.artifact.digest,
    record.source_env,
    record.target_env,
    record.timestamp,
    record.promoted_by,
    String(record.approval.required),
    record.approval.approvers.join(' '),
    record.approval.approval_timestamp ?? '',
    Object.entries(record.validation_gates)
      .map(([gate, status]) => `${gate}=${status}`)
      .join(' '),
    record.result,
    record.requested_by,
    record.requested_at,
    record.decision_digest,
    String(record.length),
    record.chain,
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

const COLUMNS = [
  'promotion_id',
  'kind',
  'subject',
  'version',
  'digest',
  'source_env',
  'target_env',
  'timestamp',
  'promoted_by',
  'approval_required',
  'approvers',
  'approval_timestamp',
  'validation_gates',
  'result',
  'requested_by',
  'requested_at',
  'decision_digest',
  'length',
  'chain',
];

/** A quote before what a spreadsheet would take for a formula: exported names are not ours. */
function field(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
