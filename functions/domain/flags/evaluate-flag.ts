import { evaluate } from '../conditions/evaluate.ts';
import type { FlagEntry } from '../config-tree/entry.ts';
import type { Json } from '../jcs.ts';
import { isRefusal } from '../refusal.ts';
import { unreachable } from '../unreachable.ts';
import { chosenOf } from './split.ts';
import { type Outcome, parseTargeting } from './targeting.ts';

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
 * by hashes, and other weights move a key only to a variant that has gained on the one it had.
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
    return served(flag, chosenOf(outcome.split, flag.key, targetingKey), 'SPLIT');
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
