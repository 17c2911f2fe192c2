import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyRanges,
  inclusionRanges,
  isConsistent,
  isIncluded,
  leafHash,
  type Range,
  rootOf,
} from '../../../functions/domain/transparency-log/merkle.ts';
import { times } from '../../support/length.ts';

/** Inputs and roots of the reference implementation of RFC 6962 (google/certificate-transparency, merkle tests). */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');

/** The tree as the RFC defines it, by recursion over the entries: knows nothing of levels, tiles and indices. */
function naive(entries: readonly Uint8Array[]): Buffer {
  if (entries.length === 0) return createHash('sha256').digest();
  const [only] = entries;
  if (entries.length === 1 && only) return createHash('sha256').update(Buffer.of(0)).update(only).digest();
  let k = 1;
  while (k * 2 < entries.length) k *= 2;
  const [left, right] = [naive(entries.slice(0, k)), naive(entries.slice(k))];
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

const entriesOf = (size: number): Uint8Array[] =>
  Array.from({ length: size }, (_, n) => Uint8Array.from(Buffer.from(`entry ${n}`)));
const tree = (size: number) => ({ size, root: naive(entriesOf(size)) });
const hashes = (ranges: readonly Range[]) =>
  ranges.map(({ from, until }) => naive(entriesOf(until).slice(from)));

describe('the hash of a tree', () => {
  it('is that of the published vectors', () => {
    const entries = INPUTS.map(bytes);
    ROOTS.forEach((root, index) => {
      const leaves = entries.slice(0, index + 1).map(leafHash);
      const read = (level: number, at: number): Uint8Array =>
        naive(entries.slice(at * 2 ** level, (at + 1) * 2 ** level));
      expect(leaves).toHaveLength(index + 1);
      expect(hex(rootOf({ from: 0, until: index + 1 }, read))).toBe(root);
    });
    expect(hex(leafHash(bytes('')))).toBe(ROOTS[0]);
    expect(hex(rootOf({ from: 0, until: 0 }, () => bytes('')))).toBe(EMPTY);
  });

  it('has the published path of leaf 5 of 8, and of 6 to 8', () => {
    const entries = INPUTS.map(bytes);
    const path = (ranges: readonly Range[]) =>
      ranges.map(({ from, until }) => hex(naive(entries.slice(from, until))));
    expect(path(inclusionRanges(5, 8))).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
    expect(path(consistencyRanges(6, 8))).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });
});

describe('a proof', () => {
  it('of every leaf of every tree holds, and for no other leaf, place, size or path', () => {
    for (let size = 1; size <= 34; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const path = hashes(inclusionRanges(index, size));
        const leaf = leafHash(Uint8Array.from(Buffer.from(`entry ${index}`)));
        expect(isIncluded(leaf, index, tree(size), path)).toBe(true);
        for (const other of [index - 1, index + 1, index + size]) {
          if (other >= 0) expect(isIncluded(leaf, other, tree(size), path)).toBe(false);
        }
        expect(isIncluded(leafHash(bytes('ff')), index, tree(size), path)).toBe(false);
        expect(isIncluded(leaf, index, tree(size), [...path, leaf])).toBe(false);
        if (path.length > 0) expect(isIncluded(leaf, index, tree(size), path.slice(1))).toBe(false);
        if (path.length > 1) expect(isIncluded(leaf, index, tree(size), path.toReversed())).toBe(false);
      }
    }
  });

  it('that one tree begins with another holds for every two, and for no fork', () => {
    for (let second = 0; second <= 34; second += 1) {
      for (let first = 0; first <= second; first += 1) {
        const path = hashes(consistencyRanges(first, second));
        expect(isConsistent(tree(first), tree(second), path), `${first} ${second}`).toBe(true);
        if (first === 0) continue;
        const fork = { size: first, root: naive(entriesOf(first).with(first - 1, bytes('00'))) };
        expect(isConsistent(fork, tree(second), path)).toBe(false);
        expect(isConsistent(tree(first), tree(second), [...path, naive([])])).toBe(false);
        if (path.length > 0) expect(isConsistent(tree(first), tree(second), path.slice(0, -1))).toBe(false);
      }
    }
    expect(isConsistent(tree(5), tree(4), [])).toBe(false);
  });

  it('breaks by any changed byte', () => {
    const place = fc
      .nat(199)
      .chain((index) =>
        fc.record({ index: fc.constant(index), size: fc.integer({ min: index + 1, max: 200 }) }),
      );
    fc.assert(
      fc.property(place, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ index, size }, at, mask) => {
        const path = hashes(inclusionRanges(index, size));
        const leaf = leafHash(Uint8Array.from(Buffer.from(`entry ${index}`)));
        expect(isIncluded(leaf, index, tree(size), path)).toBe(true);
        if (path.length === 0) return;
        const hash = Buffer.from(hex(path[at % path.length] ?? new Uint8Array(0)), 'hex');
        hash.writeUInt8((hash[at % 32] ?? 0) ^ mask, at % 32);
        expect(isIncluded(leaf, index, tree(size), path.with(at % path.length, hash))).toBe(false);
      }),
      { numRuns: times(15, 60) },
    );
  });
});
