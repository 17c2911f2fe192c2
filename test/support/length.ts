/** Whether these are the long tests: fresh seeds, and everything at its full count. */
export const AT_LENGTH = process.env['SLUICE_TESTS'] === 'long';

/** How often something is done: a few times in `npm test`, often in `npm run test:long`. */
export const times = (usually: number, atLength: number): number => (AT_LENGTH ? atLength : usually);

/** Each of these in the long tests; in `npm test` every `usually`-th, of which `turn` is the first. */
export const inTurn = <T>(items: readonly T[], usually: number, turn = 0): readonly T[] =>
  items.filter((_, at) => at % times(usually, 1) === turn % times(usually, 1));
