import type { SeparationOfDuties } from '../catalog/approval-policy.ts';
import type { Digest } from '../digest.ts';
import type { GateSetting } from '../gates/gate.ts';

/** What one promotion needs, merged strictest-wins from environment, rules and policies. `policy_digest` covers all else here. */
export type Requirements = {
  readonly requires_approval: boolean;
  readonly required_approvers: number;
  readonly groups: readonly { readonly group: string; readonly min: number }[];
  readonly separation_of_duties: SeparationOfDuties;
  /** ISO 8601 duration, at most 300 days: a waiting workflow lives a year. */
  readonly expires_after: string;
  readonly require_comment: boolean;
  /** Every policy says that an approval link is enough; absent where one does not, or there is none. */
  readonly link_only?: true;
  readonly gates: readonly GateSetting[];
  readonly protected: boolean;
  readonly policy_digest: Digest;
};
