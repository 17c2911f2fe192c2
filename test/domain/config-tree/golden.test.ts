import { describe, expect, it } from 'vitest';
import { boundaryOf } from '../../../functions/domain/config-tree/boundary.ts';
import { buildTree } from '../../../functions/domain/config-tree/build.ts';
import { decodeNode } from '../../../functions/domain/config-tree/decode-node.ts';
import type { Entry } from '../../../functions/domain/config-tree/entry.ts';
import { itemOfEntry } from '../../../functions/domain/config-tree/entry.ts';
import type { NewNode, Tree } from '../../../functions/domain/config-tree/node.ts';
import { built, KEYED, numbered } from './trees.ts';

/**
 * Frozen roots. A difference here means that every stored root, approval and record would have another digest: never change a
 * value below; a new format gets a new domain and fixtures of its own.
 */
const ENTRIES: readonly Entry[] = [
  { kind: 'config', key: 'ai.new-model', value: 'gpt-4-turbo' },
  {
    kind: 'config',
    key: 'db.password',
    secret_ref: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db',
  },
  { kind: 'config', key: 'banner', value: { text: 'é'.repeat(20_000), shown: true } },
  { kind: 'config', key: 'query.timeout', value: '180s' },
  {
    kind: 'flag',
    key: 'new-checkout',
    enabled: true,
    variants: { on: true, off: false },
    default_variant: 'off',
    targeting: [{ if: { group: 'beta' }, variant: 'on' }],
  },
];

function treeOf(entries: readonly Entry[], salt: Uint8Array): { tree: Tree; nodes: NewNode[] } {
  const items = entries.map((entry) => {
    const item = itemOfEntry(entry, KEYED);
    if ('refused' in item) throw new Error(item.detail);
    return item;
  });
  items.sort((a, b) => (a.key < b.key ? -1 : 1));
  const nodes: NewNode[] = [];
  const building = buildTree(items, boundaryOf(salt));
  for (let step = building.next(); ; step = building.next()) {
    if (step.done) return { tree: step.value, nodes };
    nodes.push(step.value);
  }
}

describe('frozen roots', () => {
  it('of the empty tree', () => {
    expect(built(new Map()).tree).toEqual({
      root: 'sha256:6b6efeae64226443f3d070a90f075590881085eab2823687907b4b5363256589',
      count: 0,
    });
  });

  it('of configs, a secret, a long value and a flag', () => {
    const { tree, nodes } = treeOf(ENTRIES, new Uint8Array(32).fill(7));
    expect(tree).toEqual({
      root: 'sha256:7a67b14244ff97c9f946d9b7f3e67a9fc6d3c4966386fda96557d2a125d22ba0',
      count: 5,
    });
    expect(nodes).toHaveLength(3);
  });

  it('of one leaf, byte by byte', () => {
    const entries: Entry[] = [
      { kind: 'config', key: 'query.limit', value: 5 },
      { kind: 'config', key: 'query.timeout', value: '180s' },
    ];
    const { nodes } = treeOf(entries, new Uint8Array(32));
    const bytes = nodes[0]?.bytes ?? new Uint8Array();
    expect(Buffer.from(bytes).toString('latin1')).toBe(
      '\x01\x00\x02\x00\x0c\x07\x07cquery.limittimeout\x04\x0ev5v"180s"',
    );
    expect(decodeNode(bytes).kind).toBe('leaf');
  });

  it.each([
    [1_000, 1, 'sha256:6f354b4a026e48ba37ee2e0b04201d6a0f373b50dcd57efac089e1264582b89b'],
    [20_000, 2, 'sha256:eb231c9c5c71fb0c172a40606dedaee9c3afcee2eaf438b633e8ca8a7a243ea3'],
  ])('of %d numbered entries', (count, level, root) => {
    const { tree, nodes } = built(numbered(count));
    expect(tree).toEqual({ root, count });
    expect(nodes.at(-1)?.bytes[1]).toBe(level);
  });

  it('depends on the salt from the first boundary on, and not before', () => {
    const [one, other] = [1, 2].map((fill) => treeOf(ENTRIES, new Uint8Array(32).fill(fill)).tree.root);
    expect(one).toBe(other);
    const many = Array.from(
      numbered(500),
      ([key, value]): Entry => ({ kind: 'config', key: key.slice(1), value }),
    );
    const [a, b] = [1, 2].map((fill) => treeOf(many, new Uint8Array(32).fill(fill)).tree.root);
    expect(a).not.toBe(b);
  });
});
