import { type Condition, type ConditionFacts, mentions } from '../../conditions/condition.ts';
import { DOUBTS } from '../../gates/doubt.ts';
import type { GateSetting } from '../../gates/gate.ts';
import { judgesByProvider } from '../../gates/provider.ts';
import { durationMilliseconds } from '../../instant.ts';
import { canonicalJson } from '../../jcs.ts';
import { implies } from './implies.ts';

/**
 * The names of the gates that may let through now what they held before: one that blocked, or that waited for its provider, and that no
 * gate of that name holds as firmly any more.
 */
export function weakerGates(
  before: readonly GateSetting[],
  after: readonly GateSetting[],
): readonly string[] {
  const held = before.filter((gate) => gate.mode === 'block' || gate.provider !== undefined);
  const weaker = held.filter(
    (gate) => !after.some((other) => other.name === gate.name && holdsAsFirmly(other, gate)),
  );
  return [...new Set(weaker.map(({ name }) => name))];
}

/** Whether a gate passes nothing that another one of the same name does not pass. */
function holdsAsFirmly(after: GateSetting, before: GateSetting): boolean {
  if (before.mode === 'block' && after.mode !== 'block') return false;
  if (after.name === 'policy_compliance') {
    return before.thresholds === undefined || isAtLeast(after.thresholds, before.thresholds);
  }
  // A soak without thresholds never passes.
  if (after.name === 'soak')
    return after.thresholds === undefined || isAtLeast(after.thresholds, before.thresholds);
  if (!sameSources(after, before) || !isAtMost(after.max_age, before.max_age)) return false;
  if (judgesByProvider(before)) {
    return before.thresholds === undefined || isAtLeast(after.thresholds, before.thresholds);
  }
  return passesNoMore(after.thresholds, before.thresholds);
}

/**
 * The latest word among those that are trusted decides: to hear one less, as much as one more, may turn a no into a yes. A longer time
 * for a provider's answer is no other word.
 */
function sameSources(after: GateSetting, before: GateSetting): boolean {
  const sources = ({ format, producers, signers, provider }: GateSetting) =>
    canonicalJson({
      format: format ?? null,
      producers: producers?.toSorted() ?? null,
      signers: signers?.map((signer) => canonicalJson(signer)).sort() ?? null,
      provider: askedOf(provider),
    });
  return sources(after) === sources(before);
}

/** Who judges; by which secrets it is reached, and a root that `signers` pin, is no other judge. */
function askedOf(provider: GateSetting['provider']): ConditionFacts | null {
  if (provider === undefined) return null;
  if (provider.type === 'http') return { type: provider.type, url: provider.url };
  const { type, public_keys = [], children = false } = provider;
  return { type, public_keys: public_keys.toSorted(), children };
}

/** Whether a duration is no longer than another. An age that cannot be read passes nothing. */
export function isAtMost(after: string | undefined, before: string | undefined): boolean {
  if (before === undefined || after === before) return true;
  if (after === undefined) return false;
  const [now, then] = [durationMilliseconds(after), durationMilliseconds(before)];
  return now === undefined || (then !== undefined && now <= then);
}

/** Whether thresholds pass no more than others. What a report says itself counts where there are no thresholds. A threshold that allows what a report leaves open allows more. */
export function passesNoMore(after: Condition | undefined, before: Condition | undefined): boolean {
  if (!isAtLeast(after ?? SAYS_SO, before ?? SAYS_SO)) return false;
  return DOUBTS.every((doubt) => after === undefined || !mentions(after, doubt) || restsOn(before, doubt));
}

const SAYS_SO: Condition = { field: 'passed', op: 'eq', value: true };

function isAtLeast(after: Condition | undefined, before: Condition | undefined): boolean {
  return after !== undefined && before !== undefined && implies(after, before);
}

/** Whether a condition that is met always rests on a field. */
function restsOn(condition: Condition | undefined, field: string): boolean {
  if (condition === undefined || 'not' in condition) return false;
  if ('all' in condition) return condition.all.some((part) => restsOn(part, field));
  if ('any' in condition)
    return condition.any.length > 0 && condition.any.every((part) => restsOn(part, field));
  return condition.field === field;
}
