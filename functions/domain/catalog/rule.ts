import type { Condition } from '../conditions/condition.ts';

/** A promotion rule: what one hop of the pipeline demands, and whether it happens by itself. */
export type Rule = {
  readonly id: string;
  readonly name: string;
  readonly source_environment: string;
  readonly target_environment: string;
  readonly requires_approval: boolean;
  readonly auto_promote: boolean;
  readonly required_approvers: number;
  readonly conditions: Condition | null;
  readonly target_gateway_id?: string;
  readonly status: 'active' | 'inactive';
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};
