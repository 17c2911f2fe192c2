import { type Condition, type ConditionFacts, mentions } from './condition.ts';
import { evaluate, MAX_DEPTH } from './evaluate.ts';

/**
 * Whether a condition may be met by these facts, whatever the facts of one group say. Without a group it is met or not, as `evaluate` has it.
 * Never `false` where some facts of the group would meet it.
 */
export function canHold(condition: Condition, facts: ConditionFacts, unknown?: string): boolean {
  return outcomes(condition, facts, unknown, 1).met;
}

/** What a condition may come to. Neither: it has no answer, so that its negation is not met either. */
type Outcomes = { readonly met: boolean; readonly refuted: boolean };

function outcomes(
  condition: Condition,
  facts: ConditionFacts,
  unknown: string | undefined,
  depth: number,
): Outcomes {
  if (depth > MAX_DEPTH) return { met: false, refuted: false };
  const each = (child: Condition) => outcomes(child, facts, unknown, depth + 1);
  if ('all' in condition) {
    const children = condition.all.map(each);
    return {
      met: children.length > 0 && children.every(({ met }) => met),
      refuted: children.some(({ refuted }) => refuted),
    };
  }
  if ('any' in condition) {
    const children = condition.any.map(each);
    return {
      met: children.some(({ met }) => met),
      refuted: children.length > 0 && children.every(({ refuted }) => refuted),
    };
  }
  if ('not' in condition) {
    const { met, refuted } = each(condition.not);
    return { met: refuted, refuted: met };
  }
  if (unknown !== undefined && mentions(condition, unknown)) return { met: true, refuted: true };
  const { met, problem } = evaluate(condition, facts);
  return { met, refuted: !met && problem === undefined };
}
