import { evaluate } from '../conditions/evaluate.ts';
import type { FlagEntry } from '../config-tree/entry.ts';
import { explanationText } from '../policy/explanation-text.ts';
import { isRefusal } from '../refusal.ts';
import { type Evaluated, evaluateFlag, type FlagContext } from './evaluate-flag.ts';
import { parseTargeting } from './targeting.ts';

/** What became of a rule of a flag, and why in words. A rule behind the one that decides is not reached. */
export type JudgedRule = {
  readonly name?: string;
  readonly outcome: 'decides' | 'not_met' | 'not_reached';
  readonly why: string;
};

/** What somebody gets of a flag, and why. */
export type Explained = {
  readonly evaluated: Evaluated;
  readonly why: string;
  readonly rules: readonly JudgedRule[];
};

/** Evaluates a flag as `evaluateFlag` does, and says which rule decides and why the others do not. */
export function explainFlag(flag: FlagEntry, context: FlagContext): Explained {
  const evaluated = evaluateFlag(flag, context);
  const targeting = parseTargeting(flag);
  if (isRefusal(targeting)) return { evaluated, why: targeting.detail, rules: [] };
  const { rules, otherwise } = targeting;
  const judged = rules.map(({ when }) => evaluate(when, context));
  const decisive = flag.enabled ? judged.findIndex(({ met }) => met) : 0;
  const split = (decisive < 0 ? otherwise : rules[decisive]) ?? {};
  return {
    evaluated,
    why: flag.enabled ? whyOf(evaluated, decisive, otherwise !== undefined, 'split' in split) : DISABLED,
    rules: rules.map(({ name }, at) => ({
      ...(name === undefined ? {} : { name }),
      outcome: outcomeOf(flag.enabled, at, decisive),
      why: explanationText(judged[at]),
    })),
  };
}

const DISABLED = 'the flag is disabled: the default of the code holds';

function outcomeOf(enabled: boolean, at: number, decisive: number): JudgedRule['outcome'] {
  if (!enabled || (decisive >= 0 && at > decisive)) return 'not_reached';
  return at === decisive ? 'decides' : 'not_met';
}

function whyOf(evaluated: Evaluated, decisive: number, otherwise: boolean, split: boolean): string {
  if (evaluated.outcome === 'unusable') return evaluated.why;
  const who =
    decisive >= 0
      ? `rule ${decisive + 1} decides`
      : otherwise
        ? 'no rule is met: otherwise decides'
        : 'no rule is met: the default variant is served';
  if (evaluated.outcome === 'no_targeting_key') return `${who} by a split, which needs a targetingKey`;
  return split ? `${who} by the share that the targetingKey falls on` : who;
}
