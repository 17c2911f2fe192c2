import type { Told } from '../words/promotion.ts';
import { subjectName } from '../words/status.ts';
import type { Promotion } from './live.ts';

/** A promotion of the camelCase API, as sentences need it. */
export const toldOf = (promotion: Promotion): Told => ({
  type: promotion.type,
  subject: promotion.subject,
  status: promotion.status,
  execution: promotion.execution,
  source: promotion.sourceEnvironment,
  target: promotion.targetEnvironment,
  waitingFor: promotion.waitingFor,
  blockedBy: promotion.blockedBy,
  granted: promotion.approvals.filter((one) => one.manifestDigest === promotion.manifestDigest).length,
  required: promotion.requiredApprovers,
  lacking: promotion.missingGroups ?? [],
  scheduledAt: promotion.scheduledAt,
  expiresAt: promotion.expiresAt,
  reasonCode: promotion.reasonCode,
  rejectionReason: promotion.rejectionReason,
  changesRequested: promotion.changesRequested,
  failure: promotion.failure,
});

/** How many keys a promotion of configuration changes; `undefined` for other kinds. */
export function keysOf({ changes }: Promotion): number | undefined {
  return changes === null ? undefined : changes.added + changes.modified + changes.removed;
}

/** What moves, with its size where it has one: `3 keys of the configuration`. */
export function whatMoves(promotion: Promotion): string {
  const keys = keysOf(promotion);
  if (keys === undefined) return subjectName(promotion.subject);
  return `${keys === 1 ? '1 key' : `${keys.toLocaleString('en')} keys`} of the configuration`;
}
