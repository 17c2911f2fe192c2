import { globSync } from 'node:fs';
import { closureOf } from '../support/imports.ts';

/** Test files that start processes or run for minutes say nothing about one rule that a test of the rule does not say sooner. */
const PURE = ['test/domain/**/*.test.ts', 'test/{use-cases,contract,adapters,handlers}/**/*.test.ts'];

let closures: ReadonlyMap<string, ReadonlyMap<string, number>> | undefined;

const closuresOfTests = () => {
  closures ??= new Map(
    globSync(PURE)
      .filter((test) => !test.endsWith('.long.test.ts'))
      .map((test) => [test, closureOf(test)]),
  );
  return closures;
};

/**
 * The tests that should notice a change of `file`, in the groups in which they run: the domain's own that import it, then those that
 * load it through one other module; where the domain has none, others that import it. What is further away is about another rule.
 */
export function testsOf(file: string): readonly (readonly string[])[] {
  const groups: string[][] = [[], [], []];
  for (const [test, closure] of closuresOfTests()) {
    const distance = closure.get(file);
    if (distance === undefined || distance > 2) continue;
    if (test.startsWith('test/domain/')) groups[distance - 1]?.push(test);
    else if (distance === 1) groups[2]?.push(test);
  }
  const [near = [], next = [], others = []] = groups;
  return [near, next, near.length + next.length > 0 ? [] : others].filter((group) => group.length > 0);
}
