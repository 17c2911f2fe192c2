import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packNode, unpackNode } from '../../../functions/adapters/node-codec.ts';
import { bodyOf } from '../../../functions/domain/config-tree/body.ts';
import { decodeNode } from '../../../functions/domain/config-tree/decode-node.ts';
import { encodeBranch, encodeLeaf, encodePart } from '../../../functions/domain/config-tree/encode-node.ts';
import type { Node } from '../../../functions/domain/config-tree/node.ts';
import { PART_BYTES } from '../../../functions/domain/config-tree/parameters.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { times } from '../../support/length.ts';
import { built, bytes, MODEL, numbered } from './trees.ts';

function encoded(node: Node) {
  switch (node.kind) {
    case 'leaf':
      return encodeLeaf(node.items);
    case 'branch':
      return encodeBranch(node.level, node.items);
    case 'part':
      return encodePart(node.bytes);
    default:
      return node satisfies never;
  }
}

/** Hostile bytes are refused as corrupt, or they are the one spelling of the node they say. */
function isRefusedOrCanonical(input: Uint8Array): boolean {
  try {
    return Buffer.compare(encoded(decodeNode(input)).bytes, input) === 0;
  } catch (error) {
    if (error instanceof Fault && error.name === 'Corrupt') return true;
    throw error;
  }
}

const NODES = MODEL.map((model) => built(model).nodes);
const SMALL = built(numbered(200)).nodes;

describe('the bytes of a node', () => {
  it('decode to the node that encodes to them', () => {
    fc.assert(
      fc.property(NODES, (nodes) => {
        for (const { id, bytes: canonical } of nodes) {
          const again = encoded(decodeNode(canonical));
          expect(again.id).toBe(id);
          expect(Buffer.compare(again.bytes, canonical)).toBe(0);
        }
      }),
      { numRuns: times(10, 160) },
    );
  });

  it('have one spelling: whatever is changed in them, they are refused or say so in their own bytes', () => {
    const pick = fc.constantFrom(...SMALL.map((node) => node.bytes));
    fc.assert(
      fc.property(pick, fc.nat(), fc.nat({ max: 255 }), (canonical, at, value) => {
        const damaged = canonical.slice();
        damaged[at % damaged.length] = value;
        return isRefusedOrCanonical(damaged);
      }),
      { numRuns: times(750, 12_000) },
    );
    fc.assert(
      fc.property(pick, fc.nat(), fc.uint8Array({ maxLength: 4 }), (canonical, at, more) => {
        const cut = canonical.slice(0, at % canonical.length);
        return isRefusedOrCanonical(cut) && isRefusedOrCanonical(Buffer.concat([canonical, more]));
      }),
      { numRuns: times(250, 4_000) },
    );
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2, 41, 255), fc.uint8Array({ maxLength: 60 }), (level, rest) =>
        isRefusedOrCanonical(Uint8Array.from([1, level, ...rest])),
      ),
      { numRuns: times(1_250, 20_000) },
    );
  });

  it.each([
    ['nothing', []],
    ['an unknown version', [2, 0, 0]],
    ['a level that is too high', [1, 41, 0]],
    ['more items than bytes', [1, 0, 0xff, 0xff, 0x03]],
    ['a number with a second spelling', [1, 0, 0x80, 0x00]],
    ['a number without end', [1, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]],
    ['bytes behind the end', [1, 0, 0, 0]],
    ['a key out of the grammar', [1, 0, 1, 0, 2, 0x63, 0x20, 0]],
    ['a key of another type', [1, 0, 1, 0, 2, 0x78, 0x61, 0]],
    ['a key above 127', [1, 0, 1, 0, 3, 0x63, 0xc3, 0xa9, 0]],
    ['keys that do not ascend', [1, 0, 2, 0, 2, 1, 1, 0x63, 0x62, 0x61, 0, 0]],
    ['the same key twice', [1, 0, 2, 0, 2, 2, 0, 0x63, 0x62, 0, 0]],
    ['a shared part that is not said', [1, 0, 2, 0, 2, 0, 2, 0x63, 0x61, 0x63, 0x62, 0, 0]],
    ['a shared part that is not there', [1, 0, 1, 3, 2, 0x63, 0x61, 0]],
    ['a short body in parts', [1, 0, 1, 0, 2, 0x63, 0x61, 3, ...Array<number>(32).fill(7)]],
    ['a long body in the leaf', [1, 0, 1, 0, 2, 0x63, 0x61, 0x84, 0x20, ...Array<number>(2_050).fill(7)]],
    ['a branch without children', [1, 1, 0]],
    ['a child without entries', [1, 1, 1, 0, 2, 0x63, 0x61, 1, ...Array<number>(32).fill(7)]],
    ['an empty part', [1, 255]],
    ['a node above the hard maximum', [1, 255, ...Array<number>(32_511).fill(7)]],
    ['a branch above the hard maximum', [1, 1, ...Array<number>(16_127).fill(0)]],
  ])('refuse %s', (_, list) => {
    expect(() => decodeNode(Uint8Array.from(list))).toThrow(Fault);
  });

  it('cut a long body into parts, and a body of 2 KB not', () => {
    expect(bodyOf(new Uint8Array(2_049)).parts).toEqual([]);
    expect(bodyOf(new Uint8Array(2_050)).parts).toHaveLength(1);
    expect(bodyOf(new Uint8Array(65_537)).parts.map((part) => part.bytes.length)).toEqual([
      PART_BYTES + 2,
      PART_BYTES + 2,
      65_537 - 2 * PART_BYTES + 2,
    ]);
    expect(() => bodyOf(new Uint8Array(65_538))).toThrow(RangeError);
  });
});

describe('a stored node', () => {
  it('unpacks to what was packed, by whichever codec is shortest', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000, size: 'max' }), (plain) => {
        expect(Buffer.compare(unpackNode(packNode(plain)), plain)).toBe(0);
        expect(packNode(plain).length).toBeLessThanOrEqual(plain.length + 1);
      }),
    );
    const text = bytes('configuration '.repeat(500));
    expect(packNode(text).length).toBeLessThan(100);
    expect(Buffer.compare(unpackNode(packNode(text)), text)).toBe(0);
  });

  it.each([
    ['an unknown codec', [9, 1, 2, 3]],
    ['nothing', []],
    ['broken zstd', [2, 1, 2, 3]],
    ['broken deflate', [1, 255, 255]],
    ['a zstd bomb', [2, ...zstdCompressSync(new Uint8Array(65_537))]],
    ['a deflate bomb', [1, ...deflateRawSync(new Uint8Array(50_000_000))]],
    ['raw bytes beyond the bound', [0, ...new Uint8Array(65_537)]],
  ])('is corrupt when it is %s', (_, stored) => {
    expect(() => unpackNode(Uint8Array.from(stored))).toThrow(Fault);
  });

  it('may have exactly 64 KB', () => {
    const full = new Uint8Array(65_536);
    expect(unpackNode(Uint8Array.from([2, ...zstdCompressSync(full)]))).toHaveLength(65_536);
  });
});
