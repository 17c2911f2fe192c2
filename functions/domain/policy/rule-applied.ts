import type { Rule } from '../catalog/rule.ts';
import type { Condition, ConditionFacts } from '../conditions/condition.ts';
import { evaluate, factAt } from '../conditions/evaluate.ts';
import { type Digest, digest } from '../digest.ts';
import type { Json } from '../jcs.ts';

/** The rule that asks for a promotion, as it was at that version, and what its conditions read: values by field, none where none was. */
export type RuleApplied = {
  readonly id: string;
  readonly version: number;
  readonly conditions: Condition | null;
  readonly facts: ConditionFacts;
};

/** A fact that a rule's conditions read: its value, absent where there was none, and the digest of field and value. */
export type RuleFact = { readonly field: string; readonly value?: Json; readonly digest: Digest };

/** What a decision names of it; `inputs` is the digest of its conditions and facts. */
export type RuleDecided = {
  readonly id: string;
  readonly version: number;
  readonly met: boolean;
  readonly inputs: Digest;
};

/** A rule and those of the facts that its conditions read. */
export function ruleApplied({ id, version, conditions }: Rule, facts: ConditionFacts): RuleApplied {
  const read = fieldsOf(conditions).flatMap((field) => {
    const value = factAt(facts, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return { id, version, conditions, facts: Object.fromEntries(read) };
}

/** Each fact that the conditions of an applied rule read, by field. */
export function ruleFacts({ conditions, facts }: RuleApplied): readonly RuleFact[] {
  return fieldsOf(conditions).map((field) => {
    const value = Object.hasOwn(facts, field) ? facts[field] : undefined;
    const fact = value === undefined ? { field } : { field, value };
    return { ...fact, digest: digest('sluice/fact/v1', fact) };
  });
}

/** What a decision names of an applied rule, from nothing but what is recorded of it. */
export function ruleDecided(applied: RuleApplied): RuleDecided {
  const { id, version, conditions, facts } = applied;
  const met = conditions === null || evaluate(conditions, nested(facts)).met;
  return { id, version, met, inputs: digest('sluice/rule/v1', applied) };
}

/** The fields of a condition, each once, in order: a field above another comes before it. */
function fieldsOf(condition: Condition | null): readonly string[] {
  return condition === null ? [] : [...new Set(leavesOf(condition))].sort();
}

function leavesOf(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(leavesOf);
  if ('any' in condition) return condition.any.flatMap(leavesOf);
  return 'not' in condition ? leavesOf(condition.not) : [condition.field];
}

/** Recorded facts as conditions read them. */
function nested(facts: ConditionFacts): ConditionFacts {
  return Object.keys(facts)
    .sort()
    .reduce<ConditionFacts>((all, field) => withFact(all, field.split('.'), facts[field] ?? null), {});
}

function withFact(
  facts: ConditionFacts,
  [name = '', ...rest]: readonly string[],
  value: Json,
): ConditionFacts {
  const within = Object.hasOwn(facts, name) ? facts[name] : undefined;
  const inner = isObject(within) ? within : {};
  const held: Json = rest.length === 0 ? value : withFact(inner, rest, value);
  return Object.fromEntries([...Object.entries(facts), [name, held]]);
}

const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
