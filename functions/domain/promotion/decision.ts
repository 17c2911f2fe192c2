import type { Digest } from '../digest.ts';
import type { GateResult } from '../gates/gate.ts';
import type { RuleDecided } from '../policy/rule-applied.ts';

/**
 * The recorded outcome of judging a promotion. Recomputed from the stored inputs it is the same, to the byte:
 * `as_of` is an input, `reason_codes` are sorted, `gates` are in fixed order.
 */
export type Decision = {
  readonly promotion_id: string;
  readonly manifest_digest: Digest;
  readonly policy_digest: Digest;
  readonly as_of: string;
  readonly outcome: 'allow' | 'deny' | 'pending';
  readonly reason_codes: readonly string[];
  readonly gates: readonly GateResult[];
  readonly approvals: {
    readonly required: number;
    readonly groups: readonly { readonly group: string; readonly min: number; readonly granted: number }[];
    readonly granted: readonly string[];
  };
  /** Of an automatic promotion: the rule that asked for it, and what its conditions read. */
  readonly rule?: RuleDecided;
};
