import { ruleAuthority } from '../../domain/authority/hops.ts';
import { type Rule, type RuleFields, rule } from '../../domain/catalog/rule.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { type Description, inCatalog, raised } from './description.ts';
import { checkedRule } from './rule-fields.ts';

/** Promotion rules. Writing one raises the guard of its target: what is being executed there decides again. */
export const rules: Description<Rule, RuleFields> = {
  type: 'rule',
  words: 'promotion rule',
  actions: { read: 'read', write: 'manage_catalog' },
  limit: 200,
  storage: inCatalog('rule', (item) => ({ type: 'rule', item })),
  prefix: 'rule',
  idOf: ({ id }) => id,
  scope: (before, after) => targets(before, after),
  asked: (_, fields) => (fields === undefined ? [] : [fields.target_environment]),
  async make({ deps, tenant, fields, ref, stamp }) {
    const checked = await checkedRule(deps, tenant, fields);
    return isRefusal(checked) ? checked : { ...checked, id: ref.id, ...stamp };
  },
  beside: ({ environments, before, after }) => raised(environments, targets(before, after)),
  authority: ruleAuthority,
  recorded: rule.recorded,
};

const targets = (...rules: readonly (Rule | undefined)[]): readonly string[] =>
  rules.flatMap((rule) => (rule === undefined ? [] : [rule.target_environment]));
