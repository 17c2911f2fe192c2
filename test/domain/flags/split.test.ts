import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chosenOf, drawOf } from '../../../functions/domain/flags/split.ts';
import { times } from '../../support/length.ts';

const SEED = { seed: 20261122, numRuns: times(100, 500) };
const FLAG = 'checkout';

/** Weights by the name of the variant, as a split has them. */
const splitOf = (weights: { readonly [variant: string]: number }) =>
  Object.entries(weights).map(([variant, weight]) => ({ variant, weight }));
const key = fc.string({ minLength: 1 });
const weights = fc
  .dictionary(fc.constantFrom('red', 'blue', 'green', 'pink', 'grey'), fc.nat(100), { minKeys: 2 })
  .filter((each) => Object.values(each).some((weight) => weight > 0));

/** How many of some keys each variant gets, and where those who move go, as shares of all. */
function counted(count: number, before: Parameters<typeof splitOf>[0], after = before) {
  const shares = new Map<string, number>();
  const moves = new Map<string, number>();
  for (let n = 0; n < count; n += 1) {
    const [from, to] = [before, after].map((each) => chosenOf(splitOf(each), FLAG, `user-${n}`));
    shares.set(to ?? '', (shares.get(to ?? '') ?? 0) + 1 / count);
    if (from !== to) moves.set(`${from} to ${to}`, (moves.get(`${from} to ${to}`) ?? 0) + 1 / count);
  }
  return { shares, moves, moved: [...moves.values()].reduce((sum, each) => sum + each, 0) };
}

describe('a split', () => {
  it('is the same for the same key everywhere and for ever', () => {
    const draws = ['user-1', 'user-2', 'ü'].map((each) => drawOf(FLAG, 'red', each).toFixed(6));
    expect(draws).toEqual(['0.744974', '0.020092', '0.058486']);
    const split = splitOf({ red: 10, blue: 10, green: 80 });
    const chosen = Array.from({ length: 12 }, (_, n) => chosenOf(split, FLAG, `user-${n}`));
    expect(chosen.join(' ')).toBe('blue green green green green green green green green green green green');
  });

  it('gives each variant its share of many keys, within 0.5 %', () => {
    const { shares } = counted(times(25_000, 100_000), { red: 10, blue: 20, green: 70 });
    for (const [variant, share] of Object.entries({ red: 0.1, blue: 0.2, green: 0.7 })) {
      expect(Math.abs((shares.get(variant) ?? 0) - share), variant).toBeLessThan(0.005);
    }
  });

  it('of which one share grows moves the others only to that one', () => {
    const { moves, moved } = counted(
      20_000,
      { red: 10, blue: 10, green: 80 },
      { red: 20, blue: 10, green: 80 },
    );
    expect([...moves.keys()].sort()).toEqual(['blue to red', 'green to red']);
    expect(Math.abs(moved - (20 / 110 - 0.1))).toBeLessThan(0.01);
  });

  it('of which one share grows at the cost of another moves hardly more than the difference', () => {
    const { moves, moved } = counted(
      20_000,
      { red: 10, blue: 10, green: 80 },
      { red: 20, blue: 10, green: 70 },
    );
    expect([...moves.keys()].sort()).toEqual(['blue to red', 'green to blue', 'green to red']);
    // 10 % must move; that blue gives 1 % and gets 1 % is what it costs to remember nothing.
    expect(moved).toBeGreaterThan(0.09);
    expect(moved).toBeLessThan(0.12);
  });

  it('moves a key only to a variant that has gained on the one it had', () => {
    fc.assert(
      fc.property(key, weights, weights, (targetingKey, before, after) => {
        const [from, to] = [before, after].map((each) => chosenOf(splitOf(each), FLAG, targetingKey));
        if (from === undefined || to === undefined || from === to) return;
        const gained = (after[to] ?? 0) * (before[from] ?? 0) - (before[to] ?? 0) * (after[from] ?? 0);
        expect(gained).toBeGreaterThan(0);
      }),
      SEED,
    );
  });

  it('keeps a key while the share of its variant grows, whatever the others do', () => {
    fc.assert(
      fc.property(key, weights, fc.nat(50), (targetingKey, before, more) => {
        const from = chosenOf(splitOf(before), FLAG, targetingKey);
        const grown = { ...before, [from]: (before[from] ?? 0) + more };
        expect(chosenOf(splitOf(grown), FLAG, targetingKey)).toBe(from);
      }),
      SEED,
    );
  });

  it('knows no order, no difference between one share and the same in two, and no variant without weight', () => {
    fc.assert(
      fc.property(key, weights, (targetingKey, given) => {
        const split = splitOf(given);
        const chosen = chosenOf(split, FLAG, targetingKey);
        const parts = split.flatMap(({ variant, weight }) => [
          { variant, weight: Math.floor(weight / 3) },
          { variant, weight: weight - Math.floor(weight / 3) },
        ]);
        expect(chosenOf(split.toReversed(), FLAG, targetingKey)).toBe(chosen);
        expect(chosenOf(parts, FLAG, targetingKey)).toBe(chosen);
        expect(given[chosen]).toBeGreaterThan(0);
      }),
      SEED,
    );
  });

  it('of one flag says nothing about that of another', () => {
    const keys = Array.from({ length: 4000 }, (_, n) => `u${n}`);
    const both = keys.filter((each) => drawOf('a', 'on', each) < 0.5 && drawOf('b', 'on', each) < 0.5);
    expect(Math.abs(both.length / 4000 - 0.25)).toBeLessThan(0.03);
  });
});
