import { createHash } from 'node:crypto';
import type { Mutant } from './mutations.ts';

/** Folders whose rules decide who may do what: their mutants are drawn three times as often. */
const HEAVY = /^functions\/domain\/(promotion|policy|gates|evidence|audit)\//;

/** A number in (0, 1) that a seed gives a mutant: a change elsewhere in the sources does not draw other mutants here. */
function drawOf(seed: number, { file, was, becomes }: Mutant, nth: number): number {
  const hash = createHash('sha256').update(JSON.stringify([seed, file, was, becomes, nth]));
  return (hash.digest().readUIntBE(0, 6) + 1) / (2 ** 48 + 2);
}

/** `count` of the mutants, drawn by the seed and without repetition, in the order of files and lines. */
export function sample(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  const seen = new Map<string, number>();
  const drawn = mutants.map((mutant) => {
    const same = JSON.stringify([mutant.file, mutant.was, mutant.becomes]);
    const nth = seen.get(same) ?? 0;
    seen.set(same, nth + 1);
    // Weighted sampling without replacement (Efraimidis and Spirakis): the greatest draw^(1/weight) wins.
    return { mutant, key: drawOf(seed, mutant, nth) ** (HEAVY.test(mutant.file) ? 1 / 3 : 1) };
  });
  const chosen = new Set(
    drawn
      .toSorted((a, b) => b.key - a.key)
      .slice(0, count)
      .map(({ mutant }) => mutant),
  );
  return mutants.filter((mutant) => chosen.has(mutant));
}
