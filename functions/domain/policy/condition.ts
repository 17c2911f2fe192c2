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

/** What conditions are judged on: nested objects, read by dotted path (`tests.pass_rate`). */
export type ConditionFacts = { readonly [name: string]: Json };
