import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bundleOf, entriesIn } from '../../../functions/domain/transparency-log/entry.ts';
import { edgePaths, grow, wrongEdge } from '../../../functions/domain/transparency-log/grow.ts';
import {
  consistencyRanges,
  inclusionRanges,
  isConsistent,
  isIncluded,
  leafHash,
  rootOf,
} from '../../../functions/domain/transparency-log/merkle.ts';
import {
  entriesPath,
  nodesIn,
  tilePath,
  tilesFor,
} from '../../../functions/domain/transparency-log/tiles.ts';

const entryOf = (n: number) => Uint8Array.from(Buffer.from(`entry ${n}`));

/** Grows a tree in steps of these sizes; objects are put once, and only the edge is read. */
function grown(steps: readonly number[]) {
  const objects = new Map<string, Uint8Array>();
  const roots = new Map<number, Uint8Array>();
  let size = 0;
  for (const step of steps) {
    const edge = new Map(edgePaths(size).map((path) => [path, objects.get(path)]));
    const next = grow(
      size,
      Array.from({ length: step }, (_, n) => entryOf(size + n)),
      (path) => edge.get(path),
    );
    for (const { path, bytes } of next.objects) {
      expect(objects.has(path)).toBe(false);
      objects.set(path, bytes);
    }
    size = next.size;
    roots.set(size, next.root);
  }
  return { objects, roots, size, read: (path: string) => objects.get(path) };
}

/** A tree of 66,000 leaves, hashed bottom up with an odd node carried along: no recursion, no tiles. */
function rootAt(size: number): string {
  const hash = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  let level = Array.from({ length: size }, (_, n) => hash(Buffer.of(0), entryOf(n)));
  while (level.length > 1) {
    level = Array.from({ length: Math.ceil(level.length / 2) }, (_, at) => {
      const [left, right] = [level[at * 2], level[at * 2 + 1]];
      if (left === undefined) throw new Error('no node');
      return right === undefined ? left : hash(Buffer.of(1), left, right);
    });
  }
  return Buffer.from(level[0] ?? Buffer.alloc(0)).toString('hex');
}

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

describe('a bundle of entries', () => {
  it('gives back entries of any length, and nothing where it ends within one', () => {
    const entries = [0, 1, 255, 256, 700].map((length) => new Uint8Array(length).fill(length & 255));
    const bundle = bundleOf(entries);
    expect(entriesIn(bundle)).toEqual(entries);
    expect(entriesIn(bundle.subarray(0, -1))).toBeUndefined();
    expect(entriesIn(bundle.subarray(0, 3))).toBeUndefined();
  });
});

describe('paths of tiles', () => {
  it('are those of the specification', () => {
    expect(tilePath({ level: 0, index: 0, width: 256 })).toBe('tile/0/000');
    expect(tilePath({ level: 1, index: 1_234_067, width: 256 })).toBe('tile/1/x001/x234/067');
    expect(tilePath({ level: 0, index: 273, width: 112 })).toBe('tile/0/273.p/112');
    expect(entriesPath({ index: 1_000, width: 1 })).toBe('tile/entries/x001/000.p/1');
  });
});

describe('a tree that grows by batches', () => {
  const STEPS = [1, 9, 245, 1, 1, 255, 300, 10, 256, 700, 256];

  it('has at each size the root of all entries, and writes no object twice', () => {
    const { roots } = grown(STEPS);
    for (const [size, root] of roots) expect(hex(root)).toBe(rootAt(size));
  });

  it('holds the entries in bundles beside the tiles', () => {
    const { objects, size } = grown(STEPS);
    const full = Array.from({ length: Math.ceil(size / 256) }, (_, index) =>
      objects.get(entriesPath({ index, width: Math.min(256, size - index * 256) })),
    );
    const entries = full.flatMap((bundle) => entriesIn(bundle ?? new Uint8Array(0)) ?? []);
    expect(entries.map((entry) => Buffer.from(entry).toString())).toEqual(
      Array.from({ length: size }, (_, n) => `entry ${n}`),
    );
    expect(entriesIn(Uint8Array.of(0, 3, 1))).toBeUndefined();
    expect(entriesIn(Uint8Array.of(0))).toBeUndefined();
  });

  it('proves every leaf, and every size it had, from at most 9 objects', () => {
    const steps = [...Array.from({ length: 258 }, () => 256), 10];
    const { read, roots, size } = grown(steps);
    const root = roots.get(size);
    if (root === undefined) throw new Error('no root');
    expect(hex(root)).toBe(rootAt(size));
    const nodeAt = nodesIn(read, size);
    for (const index of [0, 1, 255, 256, 65_535, 65_536, 66_000, size - 1]) {
      const ranges = inclusionRanges(index, size);
      expect(tilesFor(ranges, size).length).toBeLessThanOrEqual(9);
      const path = ranges.map((range) => rootOf(range, nodeAt));
      expect(isIncluded(leafHash(entryOf(index)), index, { size, root }, path)).toBe(true);
    }
    for (const [first, then] of [...roots].filter(([at]) => at % 4_096 === 0)) {
      const path = consistencyRanges(first, size).map((range) => rootOf(range, nodeAt));
      expect(isConsistent({ size: first, root: then }, { size, root }, path)).toBe(true);
    }
    const huge = 2 ** 40 + 12_345;
    expect(tilesFor(inclusionRanges(4_711, huge), huge).length).toBeLessThanOrEqual(9);
  });

  it('knows by every byte of its edge whether that is the one whose root was signed', () => {
    const { read, roots, size } = grown([200, 100]);
    const root = roots.get(size) ?? new Uint8Array(0);
    expect(wrongEdge(size, root, read)).toBeUndefined();
    for (const path of edgePaths(size)) {
      const bytes = read(path) ?? new Uint8Array(0);
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(
          wrongEdge(size, root, (each) => (each === path ? changed : read(each))),
          `${path} ${at}`,
        ).toBeDefined();
      }
      const wrong = (given: Uint8Array | undefined) =>
        wrongEdge(size, root, (each) => (each === path ? given : read(each)));
      expect(wrong(undefined)).toContain('is missing');
      expect(wrong(bytes.subarray(0, -32))).toBeDefined();
    }
    expect(
      wrongEdge(0, grown([]).roots.get(0) ?? rootOf({ from: 0, until: 0 }, () => root), read),
    ).toBeUndefined();
  });
});
