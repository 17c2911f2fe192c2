import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches, isGlob, literalPrefix } from '../../../functions/domain/config-tree/glob.ts';
import { rangesHold, rangesMeet, unionOfRanges } from '../../../functions/domain/config-tree/key-range.ts';
import { eitherSelection, selectGlobs, selectKeys } from '../../../functions/domain/config-tree/selection.ts';
import { times } from '../../support/length.ts';

const GLOB = fc.stringMatching(/^[ab.*?]{1,8}$/);
const KEY = fc.stringMatching(/^[ab.]{1,10}$/);

describe('a pattern', () => {
  it('matches what the same regular expression matches', () => {
    fc.assert(
      fc.property(GLOB, KEY, (glob, key) => {
        const source = glob.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(globMatches(glob, key)).toBe(new RegExp(`^${source}$`).test(key));
      }),
      { numRuns: times(1_000, 20_000) },
    );
  });

  it('selects by a range that holds every match', () => {
    fc.assert(
      fc.property(fc.array(GLOB, { maxLength: 4 }), KEY, (globs, key) => {
        const selection = selectGlobs(globs);
        const wanted = globs.some((glob) => globMatches(glob, key));
        for (const type of ['c', 'f']) {
          expect(selection.matches(type + key)).toBe(wanted);
          if (wanted) expect(rangesHold(selection.ranges, type + key)).toBe(true);
        }
        expect(selectGlobs(globs, ['flag']).matches(`c${key}`)).toBe(false);
      }),
    );
  });

  it('reads no more than its literal prefix', () => {
    expect(literalPrefix('query.*')).toBe('query.');
    expect(selectGlobs(['query.*', 'query.timeout'], ['config']).ranges).toEqual([
      { from: 'cquery.', to: 'cquery.\x7f' },
    ]);
    expect(selectGlobs(['query.timeout'], ['flag']).ranges).toEqual([
      { from: 'fquery.timeout', to: 'fquery.timeout\0' },
    ]);
  });

  it('comes to an end, even when it is hostile: backtracking would not', () => {
    expect(globMatches(`${'*a'.repeat(127)}b`, 'a'.repeat(256))).toBe(false);
  });

  it('has key characters and wildcards only', () => {
    for (const glob of ['*', 'query.*', 'a?c', 'x/y-z_0']) expect(isGlob(glob)).toBe(true);
    for (const glob of ['', 'a b', '[ab]', '{a,b}', 'a\\*', 'é*', 'a'.repeat(257)])
      expect(isGlob(glob)).toBe(false);
  });
});

describe('a selection', () => {
  it('by keys holds those keys, and either of two holds both', () => {
    const keys = selectKeys(['cb', 'fa', 'cb']);
    expect(keys.ranges).toHaveLength(2);
    expect(['ca', 'cb', 'fa'].filter(keys.matches)).toEqual(['cb', 'fa']);
    const either = eitherSelection(keys, selectGlobs(['a*'], ['config']));
    expect(['ca', 'cb', 'fa', 'fb'].filter(either.matches)).toEqual(['ca', 'cb', 'fa']);
    expect(['ca', 'cb', 'fa'].every((key) => rangesHold(either.ranges, key))).toBe(true);
  });
});

describe('ranges', () => {
  it('united hold the same keys, sorted and apart', () => {
    const RANGE = fc.tuple(KEY, KEY).map(([from, to]) => ({ from, to }));
    fc.assert(
      fc.property(fc.array(RANGE), KEY, KEY, (ranges, a, b) => {
        const union = unionOfRanges(ranges);
        const holds = (key: string) => ranges.some(({ from, to }) => from <= key && key < to);
        expect(rangesHold(union, a)).toBe(holds(a));
        for (const [i, range] of union.entries()) {
          expect(range.from < range.to).toBe(true);
          if (i > 0) expect((union[i - 1]?.to ?? '') < range.from).toBe(true);
        }
        const [low, high] = a < b ? [a, b] : [b, a];
        if (low !== high && holds(high)) expect(rangesMeet(union, low, high)).toBe(true);
      }),
      { numRuns: times(200, 4_000) },
    );
  });
});
