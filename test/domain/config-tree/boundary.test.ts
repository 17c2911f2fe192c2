import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packNode } from '../../../functions/adapters/node-codec.ts';
import type { Boundary } from '../../../functions/domain/config-tree/boundary.ts';
import { boundaryOf, minusLog } from '../../../functions/domain/config-tree/boundary.ts';
import type { BuildItem } from '../../../functions/domain/config-tree/build.ts';
import { buildTree } from '../../../functions/domain/config-tree/build.ts';
import { decodeNode } from '../../../functions/domain/config-tree/decode-node.ts';
import type { NewNode } from '../../../functions/domain/config-tree/node.ts';
import { BRANCH, LEAF, MAX_KEY_BYTES } from '../../../functions/domain/config-tree/parameters.ts';
import { times } from '../../support/length.ts';
import { BOUNDARY, built, EDITS, edited, Forest, MODEL, numbered } from './trees.ts';

/** The boundary of an attacker who has the salt and all the time there is: no key ever ends a node. */
const GROUND: Boundary = { patience: () => Number.POSITIVE_INFINITY };

function nodesOf(items: readonly BuildItem[], boundary: Boundary): NewNode[] {
  return [...buildTree(items, boundary)];
}

function keysOf(count: number, width: number): string[] {
  return Array.from({ length: count }, (_, i) => `c${String(i * 7).padStart(7, '0')}`.padEnd(width, 'z'));
}

/** Bytes that no codec shortens. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

describe('the boundary', () => {
  it.each([
    ['short keys without values', 20_000, 12, 0],
    ['short keys with values of 100 bytes', 4_000, 12, 100],
    ['the longest keys with the longest values in a leaf', 1_000, 257, 2_049],
    ['the longest keys without values', 6_000, 257, 0],
  ])('lets no node and no item pass 4 x target with ground %s', (_, count, width, size) => {
    const items = keysOf(count, width).map((key, i) => ({ key, body: { inline: noise(size, i) } }));
    const nodes = nodesOf(items, GROUND);
    const leaves = nodes.filter(({ bytes }) => bytes[1] === 0).map(({ bytes }) => bytes.length);
    const branches = nodes.filter(({ bytes }) => bytes[1] !== 0).map(({ bytes }) => bytes.length);
    expect(Math.max(...leaves)).toBeLessThanOrEqual(LEAF.max);
    expect(Math.max(...leaves)).toBeGreaterThan(LEAF.close);
    expect(Math.max(...branches)).toBeLessThanOrEqual(BRANCH.max);
    expect(Math.max(...nodes.map(({ bytes }) => packNode(bytes).length + 256))).toBeLessThanOrEqual(32_768);
    for (const { bytes } of nodes) decodeNode(bytes);
  });

  it('lets no branch pass it either', () => {
    const body = { inline: noise(2_049, 1) };
    const nodes = nodesOf(
      keysOf(6_000, 257).map((key) => ({ key, body })),
      GROUND,
    );
    const branches = nodes.filter(({ bytes }) => bytes[1] !== 0).map(({ bytes }) => bytes.length);
    expect(Math.max(...branches)).toBeGreaterThan(BRANCH.close);
    expect(Math.max(...branches)).toBeLessThanOrEqual(BRANCH.max);
  });

  it('lets bodies in parts fill no leaf beyond it', () => {
    const parts = [
      `sha256:${'ab'.repeat(32)}`,
      `sha256:${'cd'.repeat(32)}`,
      `sha256:${'ef'.repeat(32)}`,
    ] as const;
    const items = keysOf(3_000, 12).map((key) => ({ key, body: { size: 65_537, parts } }));
    const sizes = nodesOf(items, GROUND).map(({ bytes }) => bytes.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LEAF.max);
    expect(Math.max(...sizes)).toBeGreaterThan(LEAF.close);
  });

  it('stays canonical where only the hard maximum ends nodes', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, EDITS, async (model, edits) => {
        const forest = new Forest(GROUND);
        const { root } = await forest.plant(model);
        expect(await forest.edit(root, edits)).toEqual(built(edited(model, edits), GROUND).tree);
      }),
      { numRuns: times(8, 160) },
    );
  });

  it('never ends a branch behind its first child, so every level is smaller than the one below', () => {
    expect(4 + MAX_KEY_BYTES + 8 + 32).toBeLessThan(BRANCH.min);
    const eager: Boundary = { patience: () => -1 };
    const nodes = nodesOf(
      keysOf(2_000, 257).map((key) => ({ key, body: { inline: noise(100, 1) } })),
      eager,
    );
    const branches = nodes.slice(0, -1).flatMap(({ bytes }) => {
      const node = decodeNode(bytes);
      return node.kind === 'branch' ? [node.items.length] : [];
    });
    // Only the last node of a level may have one child.
    expect(branches.filter((length) => length === 1).length).toBeLessThanOrEqual(8);
  });

  it('gives leaves and branches the mean of a Weibull distribution with the target as scale, and most near it', () => {
    const { nodes } = built(numbered(60_000));
    for (const [level, target, tolerance] of [
      [0, 8_192, 0.05],
      [1, 4_096, 0.2],
    ] as const) {
      const sizes = nodes.filter(({ bytes }) => bytes[1] === level).map(({ bytes }) => bytes.length);
      const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
      expect(Math.abs(mean / target - 0.906)).toBeLessThan(tolerance);
      expect(Math.max(...sizes)).toBeLessThan(2 * target);
    }
  });

  it('is another under another salt, and on another level', () => {
    const other = boundaryOf(new Uint8Array(32).fill(8));
    expect(other.patience(0, 'ca')).not.toBe(BOUNDARY.patience(0, 'ca'));
    expect(BOUNDARY.patience(1, 'ca')).not.toBe(BOUNDARY.patience(0, 'ca'));
    expect(() => boundaryOf(new Uint8Array(15))).toThrow(RangeError);
  });

  it('takes logarithms as exactly as it says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (n) => {
        expect(Math.abs(minusLog(n) + Math.log(n / 2 ** 32))).toBeLessThan(1e-11);
      }),
    );
    expect(minusLog(2 ** 32)).toBe(0);
  });

  it('refuses keys that do not ascend', () => {
    const items = ['cb', 'ca'].map((key) => ({ key, body: { inline: new Uint8Array() } }));
    expect(() => nodesOf(items, BOUNDARY)).toThrow(RangeError);
    expect(() => nodesOf([...items.slice(0, 1), ...items.slice(0, 1)], BOUNDARY)).toThrow(RangeError);
  });
});
