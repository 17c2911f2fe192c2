import type { Explanation } from '../conditions/evaluate.ts';
import type { Json } from '../jcs.ts';

const PROBLEMS = {
  missing: 'is not given',
  type_mismatch: 'cannot be compared with it',
  unknown_operator: 'has an unknown operator',
  malformed: 'is malformed',
} as const;

/** Why a condition is met or not, in one line: of `all` what fails, of `any` what is met. */
export function explanationText(judged: Explanation | undefined): string {
  if (judged === undefined) return '';
  const { op, met, field, expected, actual, problem, children = [] } = judged;
  if (field !== undefined) {
    const asked = `${field} ${op} ${text(expected)}`;
    if (problem !== undefined && (actual === undefined || problem !== 'type_mismatch'))
      return `${asked}: ${field} ${PROBLEMS[problem]}`;
    const is = actual === undefined ? 'is not given' : `is ${text(actual)}`;
    return `${asked}: ${met ? 'met' : 'not met'}, ${field} ${is}${problem === undefined ? '' : ', of another type'}`;
  }
  if (op === 'not') return `not (${children.map(explanationText).join()})`;
  const telling = children.filter((child) => child.met === met);
  const between = op === 'any' && !met ? ' and ' : '; ';
  return telling.length === 0 ? PROBLEMS[problem ?? 'malformed'] : telling.map(explanationText).join(between);
}

/** A value in at most 100 characters. */
function text(value: Json | undefined): string {
  const whole = JSON.stringify(value ?? null);
  return whole.length > 100 ? `${whole.slice(0, 99)}…` : whole;
}
