import type { ConditionFacts } from '../conditions/condition.ts';
import type { Explanation } from '../conditions/evaluate.ts';

/**
 * Facts by which a report says that it could not tell: findings whose gravity is unknown, tests of which nothing is known, an operating
 * system for which nobody reports vulnerabilities any more.
 */
export const DOUBTS = ['unknown', 'eosl'] as const;

/**
 * Whether a report leaves something open that a gate does not allow in so many words: no pass, whatever else holds. It is allowed where
 * the thresholds hold and what makes them hold names it (`{"field": "unknown", "op": "lte", "value": 5}`).
 */
export function leavesOpen(result: ConditionFacts, thresholds?: Explanation): boolean {
  return DOUBTS.some((doubt) => {
    const said = result[doubt];
    if (said === undefined || said === 0 || said === false) return false;
    return thresholds === undefined || !restsOn(thresholds, doubt, true);
  });
}

/** Whether a part of a condition that makes it come to `wanted` reads a field. */
function restsOn(
  { met, op, field: read, children, problem }: Explanation,
  field: string,
  wanted: boolean,
): boolean {
  if (met !== wanted || problem !== undefined) return false;
  if (children === undefined) return read === field;
  return children.some((child) => restsOn(child, field, op === 'not' ? !wanted : wanted));
}
