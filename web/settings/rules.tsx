import {
  type ApprovalPolicyView,
  approvalPolicies,
  ApprovalPolicyView as Policy,
} from '../../functions/contract/approval-policies.ts';
import { RuleView, rules } from '../../functions/contract/rules.ts';
import { durationMilliseconds } from '../../functions/domain/instant.ts';
import { useList } from '../api/list.ts';
import { count } from '../words/status.ts';
import { lasting } from '../words/time.ts';
import { ItemRow, Listing } from './listing.tsx';

/** What asks for approvals, and what promotes by itself; each as a sentence. */
export const Rules = () => (
  <>
    <Listing
      title="Approval policies"
      says="The strictest of all that name an environment holds there"
      data={useList(Policy, approvalPolicies.path)}
      row={(policy) => <ItemRow key={policy.id} name={policy.name} says={policyInWords(policy)} />}
      empty={{
        title: 'No approval policy is set',
        says: 'Without one a protected environment asks for one approval, and never from the requester. A policy asks for more:',
        command:
          'POST /api/v1/approval-policies {"name": "two eyes more", "environments": ["production"], "required_approvers": 2, "groups": []}',
      }}
    />
    <Listing
      title="Promotion rules"
      says="What moves on by itself, and what has to ask first"
      data={useList(RuleView, rules.path)}
      row={(rule) => <ItemRow key={rule.id} name={rule.name} says={ruleInWords(rule)} />}
      empty={{
        title: 'No rule is set',
        says: 'A rule promotes what runs well by itself, or asks for approvals on one way:',
        command:
          'POST /api/v1/promotions/rules {"name": "on to staging", "source_environment": "development", "target_environment": "staging", "auto_promote": true}',
      }}
    />
  </>
);

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
function ruleInWords(rule: RuleView): string {
  const way = `From ${rule.source_environment} to ${rule.target_environment}`;
  const by = rule.auto_promote
    ? `what runs there is promoted by itself${rule.conditions === null ? '' : ' once its conditions hold'}`
    : 'a person asks';
  const needs = rule.requires_approval
    ? `, and ${count(rule.required_approvers, 'approval')} are needed`
    : '';
  return `${way}, ${by}${needs}.${rule.status === 'active' ? '' : ' The rule is inactive.'}`;
}
