import { describe, expect, it } from 'vitest';
import type { Difference } from '../../web/compare/difference.ts';
import { chipsOf, type Show, shownOf } from '../../web/compare/shown.ts';

const line = (key: string, over: Partial<Difference> = {}): Difference => ({
  key,
  flag: false,
  operation: 'modified',
  ...over,
});
const lines: readonly Difference[] = [
  line('ours', { changedIn: 'source' }),
  line('theirs', { changedIn: 'target' }),
  line('conflict', { changedIn: 'both', flag: true }),
  line('theirs.owned', { changedIn: 'target', operation: 'owned' }),
  line('both.owned', { changedIn: 'both', operation: 'owned' }),
];
const between = { source: 'staging', target: 'production' };

describe('what a comparison shows', () => {
  it.each([
    ['different', ['ours', 'theirs', 'conflict', 'theirs.owned', 'both.owned']],
    ['source', ['ours']],
    ['target', ['theirs']],
    ['both', ['conflict']],
    ['owned', ['theirs.owned', 'both.owned']],
    ['flags', ['conflict']],
    ['same', []],
  ] as const)('for %s', (show, keys) => {
    expect(shownOf(lines, show).map(({ key }) => key)).toEqual(keys);
  });

  const names = (given: Parameters<typeof chipsOf>[0], made: Show = 'different') =>
    chipsOf(given, between, made).map(({ name, number }) => `${name} ${number}`);

  it('offers each choice with how many keys it leaves', () => {
    expect(names({ lines, unchanged: 12, agreed: true })).toEqual([
      'Different 5',
      'Changed in staging 1',
      'Changed in production 1',
      'Changed in both 1',
      'Owned by production 2',
      'Flags 1',
      'Same 12',
    ]);
  });

  it('offers nothing that nobody knows, and nothing that leaves no key but what is chosen', () => {
    expect(names({ lines: [], unchanged: 0, agreed: false })).toEqual(['Different 0']);
    expect(names({ lines: [], unchanged: 3, agreed: true }, 'both')).toEqual([
      'Different 0',
      'Changed in both 0',
      'Same 3',
    ]);
  });
});
