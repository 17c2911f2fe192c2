import type { PromotionView } from '../../functions/contract/promotion-view.ts';

/** Days that are looked at. */
export const DAYS = 30;

/** Promotions that are looked at: one page. */
export const NEWEST = 100;

type Result = PromotionView['gates'][number];
type Assessed = { readonly gates: readonly Pick<Result, 'name' | 'status'>[] };

/** How results are said, in the order in which they are said. */
const WORDS = [
  ['PASSED', 'passed'],
  ['FAILED', 'failed'],
  ['ERROR', 'could not be judged'],
  ['WARNING', 'warned'],
  ['PENDING', 'waiting'],
  ['SKIPPED', 'skipped'],
] as const satisfies readonly (readonly [Result['status'], string])[];

/** What a gate said of promotions, counted: `181 passed, 6 failed`. */
export function resultsInWords(gate: string, promotions: readonly Assessed[]): string {
  const results = promotions.flatMap(({ gates }) => gates.filter(({ name }) => name === gate));
  const said = WORDS.flatMap(([status, word]) => {
    const number = results.filter((one) => one.status === status).length;
    return number === 0 ? [] : [`${number} ${word}`];
  });
  return said.length === 0 ? 'not asked' : said.join(', ');
}
