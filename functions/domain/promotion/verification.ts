import type { Environment } from '../catalog/environment.ts';
import { defaultGate } from '../gates/default-gate.ts';
import type { Evidence } from '../gates/evidence.ts';
import { countsIn, evidenceDigest, judgeReports } from '../gates/judge-gate.ts';
import { addDuration } from '../instant.ts';
import type { PromotionEvent } from './events.ts';
import type { InStatus, PromotionState } from './state.ts';
import type { Verification, VerificationTerms, Verified } from './verification-terms.ts';

/** A report may still be on its way to the table at the end of the time: nobody is late who was in time. */
const IN_FLIGHT = 'PT30S';

/** The terms that an environment sets; a gate of its own says what they leave open, but for the age of reports. */
export function termsOf({
  verification,
  gates,
  protected: isProtected,
}: Pick<Environment, 'verification' | 'gates' | 'protected'>): VerificationTerms | undefined {
  if (verification === undefined) return undefined;
  const { gate: name, within, on_failure, ...own } = verification;
  const {
    max_age: _,
    provider: __,
    timeout_seconds: ___,
    ...gate
  } = gates.find((each) => each.name === name) ?? defaultGate(name);
  return { gate: { ...gate, ...own }, within, on_failure, protected: isProtected };
}

/** A verification that has just begun. */
export function begun(terms: VerificationTerms, completed_at: string): Verification {
  return { ...terms, until: addDuration(completed_at, terms.within), status: 'pending' };
}

/** A verification after one more event of it; `undefined` where that cannot follow. */
export function verificationAfter(
  verification: Verification | undefined,
  event: Extract<
    PromotionEvent,
    { readonly type: 'VerificationDecided' | 'RollbackBegun' | 'RollbackDeclined' }
  >,
  at: string,
): Verification | undefined {
  if (event.type === 'VerificationDecided') {
    const { type: _, outcome: status, ...verified } = event;
    return verification?.status === 'pending'
      ? { ...verification, ...verified, status, decided_at: at }
      : undefined;
  }
  const { type: _, ...rollback } = event;
  return verification?.status === 'failed' ? { ...verification, rollback } : undefined;
}

/** What is taken back before anybody verified it will not be. */
export function overtaken(verification: Verification, at: string): Verification {
  if (verification.status !== 'pending') return verification;
  return { ...verification, status: 'unknown', reason_code: 'rolled_back', decided_at: at };
}

/** When time asks something of a completed promotion: its verification is to be decided, or its rollback to be begun. */
export function verificationDueAt({ verification, type }: InStatus<'completed'>): string | undefined {
  if (verification?.status === 'pending') return addDuration(verification.until, IN_FLIGHT);
  return isToBeRolledBack({ verification, type }) ? verification?.decided_at : undefined;
}

/** Whether a promotion waits for reports of a gate about what it made live. */
export function isVerifiedBy(state: PromotionState, gate: string): boolean {
  const verification = state.status === 'completed' ? state.verification : undefined;
  return verification?.status === 'pending' && verification.gate.name === gate;
}

/** Whether its failure is still to be followed by a rollback. A rollback is never taken back by itself. */
export function isToBeRolledBack({
  verification,
  type,
}: {
  readonly verification?: Verification | undefined;
  readonly type: PromotionState['type'];
}): boolean {
  if (verification?.status !== 'failed' || type === 'rollback') return false;
  return verification.on_failure === 'rollback' && verification.rollback === undefined;
}

/**
 * What the reports about a completed promotion decide: the first that was received says it, so that whoever looks, and however often, finds
 * the same. Reports count that were brought to this very promotion, made after it completed, received in time, by producers who may attach
 * evidence in its target and whom its terms trust. A report that says neither yes nor no decides nothing. `undefined`: not decided yet.
 */
export function verdictOn(
  state: InStatus<'completed'>,
  evidence: readonly Evidence[],
  now: string,
): Verified | undefined {
  const { verification, id, completed_at, target_environment: target, seal } = state;
  if (verification?.status !== 'pending') return undefined;
  const { gate, until, protected: isProtected } = verification;
  const reports = evidence
    .filter((report) => report.promotion_id === id && report.gate === gate.name)
    .filter(({ produced_at, received_at }) => produced_at >= completed_at && received_at <= until)
    .filter((report) => countsIn(report, target))
    .map((report) => ({ report, digest: evidenceDigest(report) }))
    .sort((a, b) => (a.report.received_at + a.digest < b.report.received_at + b.digest ? -1 : 1));
  for (const { report, digest } of reports) {
    const facts = { subject_digest: seal.manifest.source.digest, protected: isProtected, target, as_of: now };
    const { status, reason_code } = judgeReports(gate, { ...facts, evidence: [report] });
    if (status === 'PASSED') return { outcome: 'passed', reason_code, evidence: digest };
    if (status === 'FAILED' && reason_code === 'thresholds_not_met') {
      return { outcome: 'failed', reason_code, evidence: digest };
    }
  }
  const over = now >= addDuration(until, IN_FLIGHT);
  return over ? { outcome: 'unknown', reason_code: 'no_report_in_time' } : undefined;
}
