import type { Condition } from '../conditions/condition.ts';
import { parseCondition } from '../conditions/parse-condition.ts';
import type { FlagEntry } from '../config-tree/entry.ts';
import type { Json } from '../jcs.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';

/** A share of those a split is asked for: `weight` of the sum of all weights. */
export type Share = { readonly variant: string; readonly weight: number };

/** What somebody gets: one variant, or the one that their targeting key falls on. */
export type Outcome = { readonly variant: string } | { readonly split: readonly Share[] };

/** Whoever meets `when` gets the outcome. */
export type TargetingRule = { readonly name?: string; readonly when: Condition } & Outcome;

/** The first rule that is met decides; else the split or variant of `otherwise`; else the default variant. */
export type Targeting = { readonly rules: readonly TargetingRule[]; readonly otherwise?: Outcome };

const MAX_RULES = 100;
const MAX_SHARES = 50;
/** Weights may be percentages with three decimals as whole numbers. */
const MAX_WEIGHT = 100_000;
const NAME = /^[\w .:/-]{1,100}$/;

/**
 * Targeting as a flag has it: `null` for none. Refuses (`invalid_request`) unknown members, variants that the flag has not,
 * malformed conditions and weights, so that what is stored can always be evaluated.
 */
export function parseTargeting(flag: Pick<FlagEntry, 'variants' | 'targeting'>): Targeting | Refusal {
  const { targeting } = flag;
  if (targeting === null) return { rules: [] };
  if (!isObject(targeting)) return bad('targeting', 'must be null or an object with rules');
  const unknown = Object.keys(targeting).find((name) => name !== 'rules' && name !== 'otherwise');
  if (unknown !== undefined) return bad(`targeting.${unknown}`, 'is not known here');
  const { rules = [], otherwise } = targeting;
  if (!Array.isArray(rules) || rules.length > MAX_RULES) {
    return bad('targeting.rules', `must be a list of at most ${MAX_RULES}`);
  }
  const parsed: TargetingRule[] = [];
  for (const [index, rule] of rules.entries()) {
    const one = parseRule(rule, `targeting.rules.${index}`, flag.variants);
    if ('refused' in one) return one;
    parsed.push(one);
  }
  if (otherwise === undefined) return { rules: parsed };
  if (!isObject(otherwise)) return bad('targeting.otherwise', 'must be an object');
  const outcome = parseOutcome(otherwise, [], 'targeting.otherwise', flag.variants);
  return 'refused' in outcome ? outcome : { rules: parsed, otherwise: outcome };
}

function parseRule(rule: Json, place: string, variants: FlagEntry['variants']): TargetingRule | Refusal {
  if (!isObject(rule)) return bad(place, 'must be an object');
  const { name, when } = rule;
  if (name !== undefined && (typeof name !== 'string' || !NAME.test(name)))
    return bad(`${place}.name`, 'must be a short name');
  const condition = parseCondition(when);
  if (isRefusal(condition)) return bad(`${place}.when`, condition.detail);
  const outcome = parseOutcome(rule, ['name', 'when'], place, variants);
  if ('refused' in outcome) return outcome;
  return { ...(name === undefined ? {} : { name }), when: condition, ...outcome };
}

function parseOutcome(
  from: { readonly [name: string]: Json },
  beside: readonly string[],
  place: string,
  variants: FlagEntry['variants'],
): Outcome | Refusal {
  const unknown = Object.keys(from).find((name) => ![...beside, 'variant', 'split'].includes(name));
  if (unknown !== undefined) return bad(`${place}.${unknown}`, 'is not known here');
  const { variant, split } = from;
  if ((variant === undefined) === (split === undefined)) return bad(place, 'has either variant or split');
  if (variant !== undefined) {
    if (typeof variant !== 'string' || !Object.hasOwn(variants, variant))
      return bad(`${place}.variant`, 'is not one of the variants');
    return { variant };
  }
  if (!Array.isArray(split) || split.length === 0 || split.length > MAX_SHARES)
    return bad(`${place}.split`, `must be a list of 1 to ${MAX_SHARES}`);
  const shares: Share[] = [];
  for (const [index, share] of split.entries()) {
    const one = parseShare(share, `${place}.split.${index}`, variants);
    if ('refused' in one) return one;
    shares.push(one);
  }
  if (shares.every(({ weight }) => weight === 0)) return bad(`${place}.split`, 'has no weight at all');
  return { split: shares };
}

function parseShare(share: Json, place: string, variants: FlagEntry['variants']): Share | Refusal {
  if (!isObject(share)) return bad(place, 'must be an object');
  const { variant, weight, ...rest } = share;
  if (Object.keys(rest).length > 0) return bad(place, 'has variant and weight only');
  if (typeof variant !== 'string' || !Object.hasOwn(variants, variant))
    return bad(`${place}.variant`, 'is not one of the variants');
  const whole = typeof weight === 'number' && Number.isSafeInteger(weight);
  if (!whole || weight < 0 || weight > MAX_WEIGHT)
    return bad(`${place}.weight`, `must be a whole number up to ${MAX_WEIGHT}`);
  return { variant, weight };
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bad(field: string, problem: string): Refusal {
  return refuse('invalid_request', `${field} ${problem}`, { field });
}
