import type { Digest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import { decided } from '../../domain/promotion/refusals.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isVerifiedBy } from '../../domain/promotion/verification.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../../use-cases/access/authorize.ts';
import { readable } from '../../use-cases/access/readable.ts';
import {
  type Submission,
  type SubmitDeps,
  type Submitted,
  submitEvidence,
} from '../../use-cases/evidence/submit.ts';
import type { DrivingDeps } from '../wiring/wiring.ts';

type Report = Omit<Submission, 'subject_digest'> & {
  /** Absent: what the promotion promotes. */
  readonly subject_digest?: Digest;
  readonly answer?: (taken: Submitted) => StoredAnswer;
};

/** Attaches a report to a promotion of any kind, which is judged again. Refuses `source_mismatch` for a report about another digest. */
export async function attachReport(
  deps: DrivingDeps & SubmitDeps,
  principal: Principal,
  id: string,
  { answer, ...body }: Report,
): Promise<Submitted | Refusal> {
  const state = await readable(deps, principal, id);
  if (isRefusal(state)) return state;
  const refusal = await authorize(deps, principal, 'attach_evidence', state.target_environment);
  if (refusal !== undefined) return refusal;
  const verifies = isVerifiedBy(state, body.gate);
  if (isClosed(state) && !verifies) return tooLate(state, body.gate);
  const { digest } = state.seal.manifest.source;
  const { subject_digest = digest, ...report } = body;
  if (subject_digest !== digest) {
    return refuse('source_mismatch', `${state.id} promotes ${digest}`, { field: 'subject_digest' });
  }
  return submitEvidence(deps, {
    principal,
    submission: { ...report, subject_digest },
    attach_to: state.id,
    verifies,
    ...(answer === undefined ? {} : { answer }),
  });
}

/** A decided verification stays as it is: what is to follow from a later report is for a person to say. */
function tooLate(state: PromotionState, gate: string): Refusal {
  const verification = 'verification' in state ? state.verification : undefined;
  if (verification === undefined || verification.gate.name !== gate) return decided(state, 'attach_evidence');
  const { status, until } = verification;
  return refuse(
    'already_decided',
    `the verification of ${state.id} is already ${status}: the report changes nothing; roll the promotion back if it does not hold`,
    { status: state.status, verification: status, until },
  );
}
