import { globSync } from 'node:fs';
import { closureOf } from '../support/imports.ts';

/** Test files that start processes or run for minutes say nothing about one rule that a test of the rule does not say sooner. */
const PURE = [
  'test/domain/**/*.test.ts',
  'test/{use-cases,contract,adapters,handlers,web}/**/*.test.ts',
  'test/cli/*.test.ts',
];

let closures: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;

const closuresOfTests = () => {
  closures ??= new Map(
    globSync(PURE)
      .filter((test) => !test.endsWith('.long.test.ts'))
      .map((test) => [test, closureOf(test)]),
  );
  return closures;
};

/** How many imports away a test of the domain may be: a format's tally is loaded by its reader, that by the reader of all formats. */
const FAR = 4;
/** How many tests of what stands above the domain are asked of a mutant that the domain's own pass: the nearest ones. */
const MOST_OTHERS = 16;

/**
 * The tests that should notice a change of `file`, in the groups in which they run: the domain's own, those that import it first, then
 * those that load it through other modules; then the nearest ones of what stands above the domain. What is further away is about another rule.
 */
export function testsOf(file: string): readonly (readonly string[])[] {
  const own: string[][] = Array.from({ length: FAR }, () => []);
  const others: { readonly test: string; readonly distance: number }[] = [];
  for (const [test, closure] of closuresOfTests()) {
    const distance = closure.get(file);
    if (distance === undefined) continue;
    if (test.startsWith('test/domain/')) own[distance - 1]?.push(test);
    else others.push({ test, distance });
  }
  const nearest = others.toSorted((a, b) => a.distance - b.distance).slice(0, MOST_OTHERS);
  return [...own, nearest.map(({ test }) => test)].filter((group) => group.length > 0);
}
