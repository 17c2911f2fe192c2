import { canonicalJson, type Json } from '../jcs.ts';
import type { Condition, ConditionFacts } from './condition.ts';

/** Why a leaf has no answer. What has no answer is never met, and neither is its negation. */
export type Problem = 'missing' | 'type_mismatch' | 'unknown_operator' | 'malformed';

/** What became of a condition, as a tree of the same shape: which leaf, what was expected, what was found. */
export type Explanation = {
  readonly met: boolean;
  readonly op: string;
  readonly field?: string;
  readonly expected?: Json;
  readonly actual?: Json;
  readonly problem?: Problem;
  readonly children?: readonly Explanation[];
};

/** Deeper conditions are malformed: `parseCondition` refuses them when they are written. */
export const MAX_DEPTH = 10;

/**
 * Judges a condition on facts. Never throws, whatever it is given: a missing field, another type, an unknown operator, an empty
 * list and a malformed condition are not met.
 */
export function evaluate(condition: Condition, facts: ConditionFacts): Explanation {
  return judge(condition, facts, 1);
}

function judge(condition: unknown, facts: ConditionFacts, depth: number): Explanation {
  if (!isObject(condition) || depth > MAX_DEPTH) return { met: false, op: 'malformed', problem: 'malformed' };
  const { all, any, not, field, op, value } = condition;
  if (Array.isArray(all)) return judgeAll(all.map((child) => judge(child, facts, depth + 1)));
  if (Array.isArray(any)) return judgeAny(any.map((child) => judge(child, facts, depth + 1)));
  if (not !== undefined) return negate(judge(not, facts, depth + 1));
  if (typeof field !== 'string' || typeof op !== 'string' || !isJson(value)) {
    return { met: false, op: 'malformed', problem: 'malformed' };
  }
  const actual = factAt(facts, field);
  const outcome = compare(op, actual, value);
  const seen = actual === undefined ? {} : { actual };
  const leaf = { op, field, expected: value, ...seen };
  return typeof outcome === 'boolean' ? { met: outcome, ...leaf } : { met: false, ...leaf, problem: outcome };
}

function judgeAll(children: readonly Explanation[]): Explanation {
  const met = children.length > 0 && children.every((child) => child.met);
  const refuted = children.some((child) => !child.met && child.problem === undefined);
  return branch('all', met, met || refuted, children);
}

function judgeAny(children: readonly Explanation[]): Explanation {
  const met = children.some((child) => child.met);
  const refuted = children.length > 0 && children.every((child) => child.problem === undefined);
  return branch('any', met, met || refuted, children);
}

function negate(child: Explanation): Explanation {
  return branch('not', !child.met && child.problem === undefined, child.problem === undefined, [child]);
}

/** A branch without an answer passes its first problem up, so that a `not` above it is not met either. */
function branch(op: string, met: boolean, decided: boolean, children: readonly Explanation[]): Explanation {
  if (decided) return { met, op, children };
  const problem = children.find((child) => child.problem !== undefined)?.problem ?? 'malformed';
  return { met, op, problem, children };
}

function compare(op: string, actual: Json | undefined, expected: Json): boolean | Problem {
  if (op === 'exists') {
    return typeof expected === 'boolean' ? (actual !== undefined) === expected : 'type_mismatch';
  }
  switch (op) {
    case 'eq':
      return sameType(actual, expected, () => equal(actual, expected));
    case 'ne':
      return sameType(actual, expected, () => !equal(actual, expected));
    case 'gt':
      return ordered(actual, expected, (a, b) => a > b);
    case 'gte':
      return ordered(actual, expected, (a, b) => a >= b);
    case 'lt':
      return ordered(actual, expected, (a, b) => a < b);
    case 'lte':
      return ordered(actual, expected, (a, b) => a <= b);
    case 'in':
      return listed(actual, expected);
    case 'not_in': {
      const found = listed(actual, expected);
      return typeof found === 'boolean' ? !found : found;
    }
    case 'contains':
      return contains(actual, expected);
    default:
      return 'unknown_operator';
  }
}

function sameType(actual: Json | undefined, expected: Json, answer: () => boolean): boolean | Problem {
  if (actual === undefined) return 'missing';
  return typeOf(actual) === typeOf(expected) ? answer() : 'type_mismatch';
}

function ordered(
  actual: Json | undefined,
  expected: Json,
  holds: (a: number, b: number) => boolean,
): boolean | Problem {
  if (actual === undefined) return 'missing';
  if (typeof actual !== 'number' || typeof expected !== 'number') return 'type_mismatch';
  return Number.isFinite(actual) && Number.isFinite(expected) ? holds(actual, expected) : 'type_mismatch';
}

function listed(actual: Json | undefined, expected: Json): boolean | Problem {
  if (actual === undefined) return 'missing';
  if (!Array.isArray(expected)) return 'type_mismatch';
  const comparable = expected.filter((item) => typeOf(item) === typeOf(actual));
  return comparable.length === 0 ? 'type_mismatch' : comparable.some((item) => equal(item, actual));
}

function contains(actual: Json | undefined, expected: Json): boolean | Problem {
  if (actual === undefined) return 'missing';
  if (typeof actual === 'string' && typeof expected === 'string') return actual.includes(expected);
  return Array.isArray(actual) ? actual.some((item) => equal(item, expected)) : 'type_mismatch';
}

/** The fact at a dotted path, by own members only, so that no path reaches a prototype. */
export function factAt(facts: ConditionFacts, path: string): Json | undefined {
  let at: unknown = facts;
  for (const name of path.split('.')) {
    if (!isObject(at) || Array.isArray(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return isJson(at) ? at : undefined;
}

function equal(a: Json | undefined, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Values that came in as anything but plain JSON have no canonical form, and count as absent. */
function isJson(value: unknown): value is Json {
  try {
    canonicalJson(value);
    return true;
  } catch {
    return false;
  }
}
