import type { ConditionFacts } from '../conditions/condition.ts';
import type { Digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';

/**
 * A report that a gate judges, in its normal form. `result.error`, a text, says the report is unusable; `result.passed` is what the
 * report itself says, and counts where the gate has no thresholds.
 */
export type Evidence = {
  readonly gate: string;
  readonly format: string;
  readonly subject_digest: Digest;
  readonly produced_at: string;
  readonly received_at: string;
  readonly producer: Actor;
  readonly result: ConditionFacts;
  readonly document_digest: Digest;
  /** Where the producer's roles let it attach evidence; absent: everywhere. */
  readonly environments?: readonly string[];
  /** The completed promotion that it was brought to: it says what that one made of its target. */
  readonly promotion_id?: string;
};
