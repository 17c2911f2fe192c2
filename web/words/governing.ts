import type { ApprovalPolicyView } from '../../functions/contract/approval-policies.ts';
import type { RuleView } from '../../functions/contract/rules.ts';
import { durationMilliseconds } from '../../functions/domain/instant.ts';
import { count } from './status.ts';
import { lasting } from './time.ts';

/** What of an approval policy can be changed by its words. */
export type PolicyWord = 'approvals' | 'groups' | 'apart' | 'comment' | 'expiry';

/** A part of a sentence: as it is, or words that can be changed. */
export type Said<W extends string> = string | { readonly word: W; readonly says: string };

/** What a policy says of approvals. */
type Policy = Pick<
  ApprovalPolicyView,
  | 'environments'
  | 'required_approvers'
  | 'groups'
  | 'separation_of_duties'
  | 'require_comment'
  | 'expires_after'
>;

/** An approval policy as people say it. */
export const policyInWords = (policy: Policy): string =>
  policySentence(policy)
    .map((part) => (typeof part === 'string' ? part : part.says))
    .join('');

/** The same by its parts; `whole` says also what it does not ask for, so that everything can be changed by its words. */
export function policySentence(policy: Policy, whole = false): readonly Said<PolicyWord>[] {
  const { environments, required_approvers, groups, separation_of_duties: apart } = policy;
  const where = environments.includes('*') ? 'any environment' : environments.join(' or ');
  const from = groups.map(({ group, min }) => `${min} from ${group}`).join(', ');
  const barred = [
    ...(apart.requester ? ['the requester'] : []),
    ...(apart.author ? ['who wrote the change'] : []),
    ...(apart.previous_promoter ? ['who promoted it before'] : []),
    ...(apart.evidence_producer ? ['who produced its evidence'] : []),
  ];
  const unsaid = (word: PolicyWord, says: string) => (whole ? [{ word, says }] : []);
  const asked: readonly Said<PolicyWord>[] =
    from === '' ? unsaid('groups', 'from any group') : [{ word: 'groups', says: from }];
  const why: readonly Said<PolicyWord>[] = policy.require_comment
    ? [{ word: 'comment', says: 'Each says why' }]
    : unsaid('comment', 'None has to say why');
  return [
    `To enter ${where}, a promotion needs `,
    { word: 'approvals', says: count(required_approvers, 'approval') },
    ...asked.flatMap((part) => [', ', part]),
    '. ',
    {
      word: 'apart',
      says: barred.length === 0 ? 'Anybody with the role may give them' : `Not from ${barred.join(', ')}`,
    },
    '. ',
    ...why.flatMap((part) => [part, '. ']),
    'A request expires after ',
    { word: 'expiry', says: lasting((durationMilliseconds(policy.expires_after) ?? 0) / 1000) },
    '.',
  ];
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
    ? `, and ${count(rule.required_approvers, 'approval')} ${rule.required_approvers === 1 ? 'is' : 'are'} needed`
    : '';
  return `${way}, ${by}${needs}.${rule.status === 'active' ? '' : ' The rule is inactive.'}`;
}
