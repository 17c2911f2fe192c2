import type { Condition, ConditionFacts } from '../conditions/condition.ts';
import { evaluate } from '../conditions/evaluate.ts';
import { addDuration } from '../instant.ts';
import type { Json } from '../jcs.ts';
import type { GateResult, GateSetting } from './gate.ts';

/** The fact that grows with time alone: exact hours that what is promoted has been active in its source environment. */
const HOURS = 'deployment.duration_hours';
const MILLISECONDS = 3_600_000;
/** Beyond 30 years nobody waits for it. */
const LONGEST = 30 * 366 * 24;

/** Why a soak gate waits. */
export const SOAKING = 'soaking';

/** Whether a gate keeps a promotion back until enough time has passed. */
export function isSoaking({ name, status, reason_code }: GateResult): boolean {
  return name === 'soak' && status === 'PENDING' && reason_code === SOAKING;
}

/**
 * When every soak gate that keeps a promotion back will let it on, if nothing but time changes; `undefined` where time alone does not
 * bring that about. `conditions` are the facts as of `as_of`.
 */
export function soakedAt(
  gates: readonly GateSetting[],
  { conditions, as_of }: { readonly conditions: ConditionFacts; readonly as_of: string },
): string | undefined {
  const { deployment } = conditions;
  if (!isObject(deployment)) return undefined;
  const { duration_hours: now } = deployment;
  if (typeof now !== 'number') return undefined;
  const asked = gates.flatMap(({ name, thresholds }) =>
    name === 'soak' && thresholds !== undefined ? [thresholds] : [],
  );
  const marks = [...new Set(asked.flatMap(marksIn))].filter((hours) => hours > now && hours < LONGEST);
  const enough = marks
    .sort((a, b) => a - b)
    .find((hours) => {
      const then = { ...conditions, deployment: { ...deployment, duration_hours: hours } };
      return asked.every((thresholds) => evaluate(thresholds, then).met);
    });
  if (enough === undefined) return undefined;
  // A millisecond more, for what rounding took: a look that comes too early would be the last.
  const left = Math.ceil((enough - now) * MILLISECONDS) + 1;
  return addDuration(as_of, `PT${Math.floor(left / 1_000)}.${String(left % 1_000).padStart(3, '0')}S`);
}

/** The hours that a condition compares with, and a moment after each (`gt`). */
function marksIn(condition: Condition): readonly number[] {
  if ('all' in condition) return condition.all.flatMap(marksIn);
  if ('any' in condition) return condition.any.flatMap(marksIn);
  if ('not' in condition) return marksIn(condition.not);
  const { field, value } = condition;
  return field === HOURS && typeof value === 'number' ? [value, value + 1 / MILLISECONDS] : [];
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
