import type { Rule } from '../../domain/catalog/rule.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import { addDuration, earliest } from '../../domain/instant.ts';
import { turnsAt } from '../../domain/policy/turns-at.ts';
import type { Outcome } from './promote.ts';

/** Later than the run that decides it, sooner than the next one. */
const NEXT_RUN = 'PT1S';

/**
 * What only something else changes that is noticed by itself: a write of a deployment of the same agent, another version of a rule, another
 * gateway. What is not listed here (a hold, an open promotion, any other refusal) may end unnoticed.
 */
const STANDS: ReadonlySet<Outcome['result']> = new Set([
  'not_deployed',
  'superseded',
  'kind_not_promoted',
  'already_attempted',
  'already_active',
  'unknown_gateway',
  'no_gateway',
  'ambiguous_gateway',
] satisfies Outcome['result'][]);

/**
 * When rules are to be asked about a deployment again, given what they said at `now`, while nothing is written that concerns it.
 * `undefined`: time alone changes no answer. Never later than the first evaluation with another answer.
 */
export function nextEvaluation(
  deployment: Deployment,
  { rules, outcomes, now }: { rules: readonly Rule[]; outcomes: readonly Outcome[]; now: string },
): string | undefined {
  const soon = addDuration(now, NEXT_RUN);
  const times = outcomes.flatMap(({ result, rule_id }) => {
    if (STANDS.has(result)) return [];
    const rule = rules.find(({ id }) => id === rule_id);
    if (result !== 'conditions_not_met' || rule === undefined) return [soon];
    const turns = turnsAt(rule, deployment, now);
    return turns === undefined ? [] : [turns > now ? turns : soon];
  });
  const [first, ...others] = times;
  return first === undefined ? undefined : earliest(first, ...others);
}
