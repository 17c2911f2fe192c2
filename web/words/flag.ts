import type { Condition } from '../../functions/domain/conditions/condition.ts';
import { type Outcome, parseTargeting, type TargetingRule } from '../../functions/domain/flags/targeting.ts';
import type { Json } from '../../functions/domain/jcs.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { unreachable } from '../../functions/domain/unreachable.ts';
import { count } from './status.ts';

/** Rules, values and variants that are said one by one; how many more there are is said too. */
const MOST = 3;

/** A flag as people say it. */
export type FlagWords = {
  /** Whether anybody gets anything but its being off. */
  readonly on: boolean;
  /** `on for 20 % of plan pro or team · otherwise off` */
  readonly says: string;
};

type Variants = { readonly [name: string]: Json };

/**
 * Who gets what of a flag, in words: its rules in order, what all others get, and `off` where it is disabled. Two flags may have the same
 * words: not every member is said. `undefined` for what is no flag.
 */
export function flagInWords(value: unknown): FlagWords | undefined {
  if (!isMembers(value)) return undefined;
  const { enabled, variants, defaultVariant, targeting = null } = value;
  if (typeof enabled !== 'boolean' || !isMembers(variants) || typeof defaultVariant !== 'string')
    return undefined;
  const parsed = parseTargeting({ variants, targeting });
  if (isRefusal(parsed)) return undefined;
  if (!enabled) return { on: false, says: 'off' };
  const { rules, otherwise = { variant: defaultVariant } } = parsed;
  const last = outcomeInWords(otherwise, variants);
  if (rules.length === 0) {
    return { on: last.words !== 'off', says: last.split ? last.words : `${last.words} for everyone` };
  }
  const said = rules.slice(0, MOST).map((rule) => ruleInWords(rule, variants));
  const more = rules.length > MOST ? [count(rules.length - MOST, 'more rule')] : [];
  return { on: true, says: [...said, ...more, `otherwise ${last.words}`].join(' · ') };
}

function ruleInWords(rule: TargetingRule, variants: Variants): string {
  const { words, split } = outcomeInWords(rule, variants);
  return `${words} ${split ? 'of' : 'for'} ${conditionInWords(rule.when)}`;
}

/** What an outcome serves: a variant, or shares of several. */
function outcomeInWords(
  outcome: Outcome,
  variants: Variants,
): { readonly words: string; readonly split: boolean } {
  if ('variant' in outcome) return { words: nameOf(outcome.variant, variants), split: false };
  const weights = new Map<string, number>();
  for (const { variant, weight } of outcome.split) {
    const name = nameOf(variant, variants);
    weights.set(name, (weights.get(name) ?? 0) + weight);
  }
  const sum = [...weights.values()].reduce((before, weight) => before + weight, 0);
  const shares = [...weights].filter(([, weight]) => weight > 0);
  const [first, ...rest] = shares;
  if (first !== undefined && rest.length === 0) return { words: first[0], split: false };
  // Of on and off one share says both.
  const said = shares.every(([name]) => name === 'on' || name === 'off')
    ? shares.filter(([name]) => name === 'on')
    : shares;
  const words = said.slice(0, MOST).map(([name, weight]) => `${name} for ${percent(weight, sum)}`);
  const more = said.length > MOST ? [count(said.length - MOST, 'more variant')] : [];
  return { words: listed([...words, ...more], 'and'), split: true };
}

/** A variant as people call it: one that is `true` is on, one that is `false` is off, any other has its name. */
function nameOf(variant: string, variants: Variants): string {
  const value = Object.hasOwn(variants, variant) ? variants[variant] : undefined;
  return value === true ? 'on' : value === false ? 'off' : variant;
}

const percent = (weight: number, sum: number): string =>
  `${((100 * weight) / sum).toLocaleString('en', { maximumFractionDigits: 2 })} %`;

/** A condition on whoever asks: `plan pro or team and age at least 18`. */
function conditionInWords(condition: Condition): string {
  if ('all' in condition) return condition.all.map(inner).join(' and ');
  if ('any' in condition) return condition.any.map(inner).join(' or ');
  if ('not' in condition) return `all but ${inner(condition.not)}`;
  return leafInWords(condition);
}

/** A condition within another one: in brackets where it has parts of its own. */
const inner = (condition: Condition): string => {
  const parts = 'all' in condition ? condition.all : 'any' in condition ? condition.any : [];
  return parts.length > 1 ? `(${conditionInWords(condition)})` : conditionInWords(condition);
};

function leafInWords({ field, op, value }: Extract<Condition, { readonly field: string }>): string {
  switch (op) {
    case 'eq':
      return `${field} ${text(value)}`;
    case 'ne':
      return `${field} not ${text(value)}`;
    case 'gt':
      return `${field} over ${text(value)}`;
    case 'gte':
      return `${field} at least ${text(value)}`;
    case 'lt':
      return `${field} under ${text(value)}`;
    case 'lte':
      return `${field} at most ${text(value)}`;
    case 'in':
      return `${field} ${some(value, 'or')}`;
    case 'not_in':
      return `${field} ${isList(value) && value.length > 1 ? 'neither' : 'not'} ${some(value, 'nor')}`;
    case 'contains':
      return `${field} with ${text(value)}`;
    case 'exists':
      return value === false ? `no ${field}` : `any ${field}`;
    default:
      return unreachable(op);
  }
}

function some(value: Json, word: string): string {
  const all = isList(value) ? value : [value];
  const more = all.length > MOST ? [`${all.length - MOST} more`] : [];
  return listed([...all.slice(0, MOST).map(text), ...more], word);
}

const text = (value: Json): string =>
  typeof value === 'string' && value !== '' ? value : JSON.stringify(value);

/** `a`, `a or b`, `a, b or c`. */
const listed = (parts: readonly string[], word: string): string =>
  [parts.slice(0, -1).join(', '), parts.at(-1) ?? ''].filter((part) => part !== '').join(` ${word} `);

/** Whether something that was read from JSON has members. */
const isMembers = (value: unknown): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
