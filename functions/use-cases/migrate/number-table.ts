import { judgeKeys, judgeNumber, NOTHING, type Standing } from '../../domain/format/judge.ts';
import { RELEASE } from '../../domain/format/number.ts';
import { toldBy } from '../../migrations/told-by-keys.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FormatStore } from '../../ports/format-store.ts';

export type NumberDeps = { readonly formats: FormatStore; readonly clock: Clock };

/** Whether this code may serve the table. `numbered`: the number that it has just got. */
export type Numbered = Standing & { readonly numbered?: number };

/**
 * Judges the table by its number; one without a number by its keys, once, and numbers it. Idempotent, even when concurrent. Nothing else of
 * the table is changed, and one that is refused is left as it is. Throws where the walk over the keys is not done at `until`.
 */
export async function numberTable(deps: NumberDeps, until?: string): Promise<Numbered> {
  const { formats, clock } = deps;
  const found = await formats.read();
  if (found !== undefined) return judgeNumber(found);
  let told = NOTHING;
  await formats.keys((page) => {
    if (until !== undefined && clock.now() > until) {
      throw new Error(`the keys of the table could not all be looked at in time (${told.items} so far)`);
    }
    told = toldBy(told, page);
  });
  const verdict = judgeKeys(told);
  if (verdict.verdict !== 'stamp') return verdict;
  const { format } = verdict;
  const number = { format, readable_from: format, written_by: RELEASE, at: clock.now() };
  if (await formats.write(number, undefined)) return { verdict: 'serve', numbered: format };
  // Another process was first: what it wrote counts.
  return numberTable(deps, until);
}
