import type { FlagEntry } from '../config-tree/entry.ts';
import { digestOfBytes } from '../digest.ts';
import type { Json } from '../jcs.ts';
import { evaluate } from '../policy/evaluate.ts';
import { isRefusal } from '../refusal.ts';
import { unreachable } from '../unreachable.ts';
import { type Outcome, parseTargeting, type Share } from './targeting.ts';

/** Who asks, as OpenFeature hands it over; `targetingKey` names them. */
export type FlagContext = { readonly [name: string]: Json };

/** What somebody gets of a flag. `disabled` gets nothing: the code's own default holds. */
export type Evaluated =
  | {
      readonly outcome: 'served';
      readonly reason: 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT';
      readonly variant: string;
      readonly value: Json;
    }
  | { readonly outcome: 'disabled' }
  | { readonly outcome: 'no_targeting_key' }
  | { readonly outcome: 'unusable'; readonly why: string };

/**
 * Evaluates a flag for a context. The same flag, context and targeting key give the same answer everywhere and for ever: a split is decided
 * by a hash, and growing one share of a split moves nobody between the others.
 */
export function evaluateFlag(flag: FlagEntry, context: FlagContext): Evaluated {
  if (!flag.enabled) return { outcome: 'disabled' };
  const targeting = parseTargeting(flag);
  if (isRefusal(targeting)) return { outcome: 'unusable', why: targeting.detail };
  const { rules, otherwise } = targeting;
  const rule = rules.find(({ when }) => evaluate(when, context).met);
  if (rule !== undefined) return decided(flag, rule, context, 'TARGETING_MATCH');
  if (otherwise !== undefined) return decided(flag, otherwise, context, 'DEFAULT');
  return served(flag, flag.default_variant, rules.length === 0 ? 'STATIC' : 'DEFAULT');
}

function decided(
  flag: FlagEntry,
  outcome: Outcome,
  context: FlagContext,
  reason: 'TARGETING_MATCH' | 'DEFAULT',
): Evaluated {
  if ('variant' in outcome) return served(flag, outcome.variant, reason);
  if ('split' in outcome) {
    const { targetingKey } = context;
    if (typeof targetingKey !== 'string' || targetingKey === '') return { outcome: 'no_targeting_key' };
    return served(flag, chosen(outcome.split, shareOf(flag.key, targetingKey)), 'SPLIT');
  }
  return unreachable(outcome);
}

function served(
  flag: FlagEntry,
  variant: string,
  reason: Extract<Evaluated, { outcome: 'served' }>['reason'],
): Evaluated {
  const value = flag.variants[variant];
  if (value === undefined) return { outcome: 'unusable', why: `there is no variant ${variant}` };
  return { outcome: 'served', reason, variant, value };
}

/** Where a targeting key falls in a flag's splits, in [0, 1): the first 48 bits of sha256 over both. Other flags split others. */
export function shareOf(flag: string, targetingKey: string): number {
  const hex = digestOfBytes(`sluice/split/v1\n${flag}\n${targetingKey.toWellFormed()}`).slice(
    'sha256:'.length,
  );
  return Number.parseInt(hex.slice(0, 12), 16) / 2 ** 48;
}

function chosen(split: readonly Share[], share: number): string {
  const total = split.reduce((sum, { weight }) => sum + weight, 0);
  let upTo = 0;
  let last = '';
  for (const { variant, weight } of split) {
    if (weight === 0) continue;
    upTo += weight;
    last = variant;
    if (share * total < upTo) return variant;
  }
  return last;
}
