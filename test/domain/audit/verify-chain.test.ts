import { describe, expect, it } from 'vitest';
import { type Link, verifyLinks } from '../../../functions/domain/audit/verify-chain.ts';
import type { Digest } from '../../../functions/domain/digest.ts';

const hash = (letter: string): Digest => `sha256:${letter.repeat(64)}`;
const [A, B, C, X] = [hash('a'), hash('b'), hash('c'), hash('d')];
const link = (position: number, prev: Digest | null, digest: Digest): Link => ({ position, prev, digest });
const FIRST = link(1, null, A);
const SECOND = link(2, A, B);
const head = { chain: 'promotion prom-1', length: 2, digest: B };

describe('what follows the entry that a checkpoint names', () => {
  it('is whole where it says so', () => {
    expect(verifyLinks([FIRST, SECOND, link(3, B, C)], head)).toEqual([]);
  });

  it('is named, by its own position, where it follows another entry', () => {
    expect(verifyLinks([FIRST, SECOND, link(3, X, C)], head)).toEqual([
      { position: 3, problem: 'does not follow what the checkpoint names' },
    ]);
  });

  it('is all of the chain where no checkpoint names one of its entries', () => {
    expect(verifyLinks([FIRST, SECOND])).toEqual([]);
    expect(verifyLinks([FIRST, link(3, B, C)])).toEqual([
      { position: 3, problem: 'has no place in the chain' },
    ]);
  });

  it('vouches for nothing: an entry changed together with its follower is found by the checkpoint', () => {
    expect(verifyLinks([FIRST, link(2, A, X), link(3, X, C)], head)).toEqual([
      { position: 3, problem: 'does not follow what the checkpoint names' },
      { position: 2, problem: 'is not what was recorded' },
    ]);
  });

  it('does not make up for an entry that is missing', () => {
    expect(verifyLinks([FIRST, link(3, B, C)], head)).toEqual([{ position: 2, problem: 'is missing' }]);
  });
});

describe('the first entry of a chain', () => {
  it('names none before itself', () => {
    expect(verifyLinks([link(1, X, A), SECOND], head)).toEqual([
      { position: 1, problem: 'names an entry before the first' },
    ]);
  });
});

describe('a position', () => {
  it('names those that no chain of this length has', () => {
    expect(verifyLinks([FIRST, SECOND, link(9, B, C), link(0, B, C)], head)).toEqual([
      { position: 9, problem: 'has no place in the chain' },
      { position: 0, problem: 'has no place in the chain' },
    ]);
  });
});
