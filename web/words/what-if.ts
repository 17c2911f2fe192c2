import type { WhatIfView } from '../../functions/contract/what-if.ts';
import { count } from './status.ts';

/** What replaying found so far: what was replayed, and what would have differed. */
export type Replayed = Pick<WhatIfView, 'replayed' | 'already_refused' | 'items'>;

/** Two pages of a replay as one. */
export const joined = (a: Replayed, b: Replayed): Replayed => ({
  replayed: a.replayed + b.replayed,
  already_refused: a.already_refused + b.already_refused,
  items: [...a.items, ...b.items],
});

/** What a change would have made of the promotions of the last 90 days, in a sentence or two. */
export function whatIfInWords({ replayed, already_refused, items }: Replayed): string {
  if (replayed === 0)
    return 'Nothing was promoted in the last 90 days that could be judged again: what this would change is not known.';
  const refused = items.filter(({ outcome }) => outcome === 'refused').length;
  const undecided = items.length - refused;
  const of = `Of ${count(replayed, 'promotion')} of the last 90 days`;
  return [
    refused === 0
      ? `${of}, none would have been refused by this change.`
      : `${of}, ${refused} would have been refused.`,
    undecided === 0
      ? ''
      : `Of ${undecided} more it cannot be told: what the change asks was not recorded then.`,
    already_refused === 0
      ? ''
      : `What governs now refuses ${already_refused} of them already; this change makes no difference there.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}
