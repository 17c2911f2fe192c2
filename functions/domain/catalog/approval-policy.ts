/** Which of a promotion's people may not approve it. */
export type SeparationOfDuties = {
  readonly requester: boolean;
  readonly author: boolean;
  readonly previous_promoter: boolean;
  readonly evidence_producer: boolean;
};

/** How many approvals, from whom, for how long. `expires_after` is an ISO 8601 duration. */
export type ApprovalPolicy = {
  readonly id: string;
  readonly name: string;
  readonly environments: readonly string[];
  readonly required_approvers: number;
  readonly groups: readonly { readonly group: string; readonly min: number }[];
  readonly separation_of_duties: SeparationOfDuties;
  readonly expires_after: string;
  readonly require_comment: boolean;
  /** An approval link is enough to act by it: whoever has it is taken for its approver. Never in a protected environment. */
  readonly link_only?: true;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};
