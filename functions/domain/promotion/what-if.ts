import type { Evidence } from '../gates/evidence.ts';
import { samePerson } from '../identity/same-person.ts';
import { addDuration } from '../instant.ts';
import type { Requirements } from '../policy/requirements.ts';
import type { StoredEvent } from './events.ts';
import { failingGates, judge } from './judge.ts';
import { requestersOf } from './parts.ts';
import { type RecordedDecision, recordedDecisions } from './recorded-decisions.ts';
import type { Approval, PromotionState } from './state.ts';

/** The decision by which a promotion began to execute, and when its approvals would have expired. */
export type Admission = RecordedDecision & { readonly expires_at: string };

/** What other requirements would have made of an admission. `undecided`: what they ask was not recorded then. */
export type Hindsight = {
  readonly outcome: 'admitted' | 'refused' | 'undecided';
  /** Sorted; empty where it is admitted. */
  readonly reason_codes: readonly string[];
};

/** The last decision by which a promotion began to execute; `undefined` when it never did. */
export function admissionOf(events: readonly StoredEvent[]): Admission | undefined {
  const started = events.findLast(({ event }) => event.type === 'ExecutionStarted');
  if (started === undefined) return undefined;
  const decision = recordedDecisions(events).find(({ seq }) => seq === started.seq);
  const assessed = events.findLast(
    ({ seq, event }) => event.type === 'PromotionAssessed' && seq < started.seq,
  )?.event;
  if (decision === undefined || assessed?.type !== 'PromotionAssessed') return undefined;
  return { ...decision, expires_at: assessed.expires_at };
}

/**
 * Judges an admission again as if these requirements had held: its gates, approvals, separation from the requester, comments and expiry,
 * by the code that decided then. Of relations that nobody asked about then, and of providers that nobody asked, it says `undecided`.
 */
export function inHindsight(
  admission: Admission,
  promotion: Pick<PromotionState, 'requester' | 'also_requested_by'>,
  requirements: Requirements,
  evidence: readonly Evidence[],
): Hindsight {
  const { seal, facts: conditions, approvals, decision: recorded, expires_at } = admission;
  const { promotion_id, as_of } = recorded;
  const counted = approvals.filter((approval) => counts(approval, promotion, requirements));
  const asked = { ...seal, requirements };
  const decision = judge({ promotion_id, seal: asked, evidence, conditions, approvals: counted, as_of });
  const begun = addDuration(expires_at, `-${seal.requirements.expires_after}`);
  const refused = new Set<string>();
  const undecided = new Set<string>();
  if (addDuration(begun, requirements.expires_after) <= as_of) refused.add('expired');
  for (const gate of failingGates(decision)) {
    const unasked = requirements.gates.some(
      ({ name, provider }) => name === gate.name && provider !== undefined && gate.evidence.length === 0,
    );
    (unasked ? undecided : refused).add(gate.reason_code);
  }
  const { required, groups, granted } = decision.approvals;
  const complete = granted.length >= required && groups.every((group) => group.granted >= group.min);
  if (!complete) refused.add('approval_required');
  if (counted.length > 0 && asksMore(requirements, seal.requirements)) undecided.add('separation_unknown');
  const found = refused.size > 0 ? refused : undecided;
  const outcome = refused.size > 0 ? 'refused' : undecided.size > 0 ? 'undecided' : 'admitted';
  return { outcome, reason_codes: [...found].sort() };
}

function counts(
  { actor, comment }: Approval,
  promotion: Pick<PromotionState, 'requester' | 'also_requested_by'>,
  { separation_of_duties, require_comment }: Requirements,
): boolean {
  if (require_comment && comment === undefined) return false;
  return (
    !separation_of_duties.requester || !requestersOf(promotion).some((person) => samePerson(person, actor))
  );
}

/** Who they were is recorded nowhere. */
const UNRECORDED = ['author', 'previous_promoter', 'evidence_producer'] as const;

function asksMore(
  { separation_of_duties: now }: Requirements,
  { separation_of_duties: then }: Requirements,
): boolean {
  return UNRECORDED.some((relation) => now[relation] && !then[relation]);
}
