import type { ApprovalPolicy } from '../../../functions/domain/catalog/approval-policy.ts';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import { NOON } from '../../support/promotion-facts.ts';

/** An active rule of the first hop that asks for nothing, altered. */
export const rule = (changes: Partial<Rule> = {}): Rule => ({
  id: 'rule-1',
  name: 'a rule',
  source_environment: 'development',
  target_environment: 'staging',
  requires_approval: false,
  auto_promote: false,
  required_approvers: 0,
  conditions: null,
  status: 'active',
  version: 1,
  created_at: NOON,
  updated_at: NOON,
  ...changes,
});
export const nobody = { requester: false, author: false, previous_promoter: false, evidence_producer: false };
/** A policy on staging that asks for nothing, altered. */
export const policy = (changes: Partial<ApprovalPolicy> = {}): ApprovalPolicy => ({
  id: 'pol-1',
  name: 'a policy',
  environments: ['staging'],
  required_approvers: 0,
  groups: [],
  separation_of_duties: nobody,
  expires_after: 'P7D',
  require_comment: false,
  version: 1,
  created_at: NOON,
  updated_at: NOON,
  ...changes,
});
