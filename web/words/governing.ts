import type { ApprovalPolicyView } from '../../functions/contract/approval-policies.ts';
import type { RuleView } from '../../functions/contract/rules.ts';
import { durationMilliseconds } from '../../functions/domain/instant.ts';
import { count } from './status.ts';
import { lasting } from './time.ts';

/** An approval policy as people say it. */
export function policyInWords(policy: ApprovalPolicyView): string {
  const { environments, required_approvers, groups, separation_of_duties: apart } = policy;
  const where = environments.includes('*') ? 'any environment' : environments.join(' or ');
  const from = groups.map(({ group, min }) => `${min} from ${group}`).join(', ');
  const barred = [
    ...(apart.requester ? ['the requester'] : []),
    ...(apart.author ? ['who wrote the change'] : []),
    ...(apart.previous_promoter ? ['who promoted it before'] : []),
    ...(apart.evidence_producer ? ['who produced its evidence'] : []),
  ];
  return [
    `To enter ${where}, a promotion needs ${count(required_approvers, 'approval')}${from === '' ? '' : `, ${from}`}.`,
    barred.length === 0 ? 'Anybody with the role may give them.' : `Not from ${barred.join(', ')}.`,
    policy.require_comment ? 'Each says why.' : '',
    `A request expires after ${lasting((durationMilliseconds(policy.expires_after) ?? 0) / 1000)}.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** A rule as people say it. */
export function ruleInWords(
  rule: Pick<
    RuleView,
    | 'source_environment'
    | 'target_environment'
    | 'auto_promote'
    | 'conditions'
    | 'requires_approval'
    | 'required_approvers'
    | 'status'
  >,
): string {
  const way = `From ${rule.source_environment} to ${rule.target_environment}`;
  const by = rule.auto_promote
    ? `what runs there is promoted by itself${rule.conditions === null ? '' : ' once its conditions hold'}`
    : 'a person asks';
  const needs = rule.requires_approval
    ? `, and ${count(rule.required_approvers, 'approval')} are needed`
    : '';
  return `${way}, ${by}${needs}.${rule.status === 'active' ? '' : ' The rule is inactive.'}`;
}
