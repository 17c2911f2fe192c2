import type { Json } from '../jcs.ts';

export const OPERATORS = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'not_in',
  'contains',
  'exists',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** A rule condition: a leaf compares one fact with one value. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly field: string; readonly op: Operator; readonly value: Json };

/** Whether any leaf of a condition reads a group of facts, or a group that holds it (`evidence.tests` and `evidence.tests.passed`). */
export function mentions(condition: Condition, group: string): boolean {
  if ('all' in condition) return condition.all.some((child) => mentions(child, group));
  if ('any' in condition) return condition.any.some((child) => mentions(child, group));
  if ('not' in condition) return mentions(condition.not, group);
  const { field } = condition;
  return field === group || field.startsWith(`${group}.`) || group.startsWith(`${field}.`);
}

/** What conditions are judged on: nested objects, read by dotted path (`tests.pass_rate`). */
export type ConditionFacts = { readonly [name: string]: Json };
