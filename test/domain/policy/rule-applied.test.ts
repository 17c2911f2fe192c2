import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import { ruleApplied, ruleDecided, ruleFacts } from '../../../functions/domain/policy/rule-applied.ts';

const AT = '2026-11-24T09:00:00.000Z';
const ruleOf = (conditions: Condition | null): Rule => ({
  id: 'rule-1',
  name: 'green',
  source_environment: 'development',
  target_environment: 'staging',
  requires_approval: false,
  required_approvers: 1,
  auto_promote: true,
  status: 'active',
  conditions,
  version: 3,
  created_at: AT,
  updated_at: AT,
});
const leaf = (field: string, value: number): Condition => ({ field, op: 'gte', value });
const FACTS = { tests: { pass_rate: 100, secret: 'unread' }, metrics: { error_rate: 0.01 } };

describe('a rule that was applied', () => {
  it('names each fact that its conditions read, once, and no other', () => {
    const conditions: Condition = {
      all: [
        leaf('tests.pass_rate', 95),
        { any: [leaf('tests.pass_rate', 1), { not: leaf('metrics.none', 1) }] },
      ],
    };
    const applied = ruleApplied(ruleOf(conditions), FACTS);
    expect(applied).toEqual({ id: 'rule-1', version: 3, conditions, facts: { 'tests.pass_rate': 100 } });
    expect(ruleFacts(applied)).toEqual([
      { field: 'metrics.none', digest: expect.stringMatching(/^sha256:/) },
      { field: 'tests.pass_rate', value: 100, digest: expect.stringMatching(/^sha256:/) },
    ]);
  });

  it.each<[string, Condition | null, boolean]>([
    ['no condition', null, true],
    ['a condition that holds', leaf('tests.pass_rate', 95), true],
    ['one that does not', leaf('tests.pass_rate', 101), false],
    ['one on what is missing', leaf('tests.none', 1), false],
    [
      'one on a group and one within it',
      { all: [{ field: 'tests', op: 'exists', value: true }, leaf('tests.pass_rate', 95)] },
      true,
    ],
  ])('is judged again from its recorded facts alone: %s', (_, conditions, met) => {
    const applied = ruleApplied(ruleOf(conditions), FACTS);
    expect(ruleDecided(JSON.parse(JSON.stringify(applied)))).toEqual({ ...ruleDecided(applied), met });
  });

  it('has another digest with another fact, another condition or another version', () => {
    const applied = ruleApplied(ruleOf(leaf('tests.pass_rate', 95)), FACTS);
    const digests = [
      applied,
      { ...applied, facts: { 'tests.pass_rate': 99 } },
      { ...applied, conditions: leaf('tests.pass_rate', 90) },
      { ...applied, version: 4 },
    ].map((each) => ruleDecided(each).inputs);
    expect(new Set(digests).size).toBe(4);
  });
});
