import { describe, expect, it } from 'vitest';
import { packNode } from '../../../functions/adapters/node-codec.ts';
import { collectDiff } from '../../../functions/domain/config-tree/diff.ts';
import { applyEdits } from '../../../functions/domain/config-tree/edit.ts';
import { ALL_KEYS } from '../../../functions/domain/config-tree/key-range.ts';
import { Nodes } from '../../../functions/domain/config-tree/nodes.ts';
import { getBodies, scanPage } from '../../../functions/domain/config-tree/scan.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import { BOUNDARY, built, editOf, Forest, numbered, TENANT } from './trees.ts';

const MODEL = numbered(3_000);
const LAST = 'cteam/service-0002999';

async function forestWithout(damage: (stored: Map<Digest, Uint8Array>, leaf: Digest) => void) {
  const forest = new Forest();
  const { root } = await forest.plant(MODEL);
  const none = await forest.plant(new Map());
  const leaf = built(MODEL).nodes.findLast(({ bytes }) => bytes[1] === 0);
  if (leaf === undefined) throw new Error('a tree has a leaf');
  damage(forest.store.stored(TENANT), leaf.id);
  return { forest, root, none: none.root };
}

describe.each([
  ['missing', (stored: Map<Digest, Uint8Array>, leaf: Digest) => stored.delete(leaf)],
  [
    'another node',
    (stored: Map<Digest, Uint8Array>, leaf: Digest) => {
      const [other] = [...stored].filter(([id]) => id !== leaf);
      if (other !== undefined) stored.set(leaf, other[1]);
    },
  ],
  [
    'not a node',
    (stored: Map<Digest, Uint8Array>, leaf: Digest) => stored.set(leaf, packNode(Uint8Array.of(7))),
  ],
  ['not packed', (stored: Map<Digest, Uint8Array>, leaf: Digest) => stored.set(leaf, Uint8Array.of(9, 9))],
])('when a leaf is %s', (_, damage) => {
  it.each<[string, (nodes: Nodes, root: Digest, none: Digest) => Promise<unknown>]>([
    ['a scan', (nodes, root) => scanPage(nodes, root, { ranges: [ALL_KEYS], limit: 5_000 })],
    ['a get', (nodes, root) => getBodies(nodes, root, [LAST])],
    ['a diff', (nodes, root, none) => collectDiff(nodes, none, root)],
    ['an edit', (nodes, root) => applyEdits(nodes, root, [editOf([LAST, 'x'])], BOUNDARY)],
  ])('%s fails as corrupt', async (_name, act) => {
    const { forest, root, none } = await forestWithout(damage);
    await expect(act(forest.nodes(), root, none)).rejects.toMatchObject({ name: 'Corrupt' });
  });
});

describe('reading nodes', () => {
  it('asks once more, strongly, for what an eventually consistent read does not find', async () => {
    const forest = new Forest();
    const { root } = await forest.plant(MODEL);
    const asked: (readonly [number, string])[] = [];
    const inner = forest.store.reader(TENANT);
    const late = new Nodes({
      async read(ids, consistency) {
        asked.push([ids.length, consistency]);
        return consistency === 'strong' ? inner.read(ids, consistency) : new Map();
      },
    });
    expect((await late.readOne(root)).level).toBe(1);
    expect(asked).toEqual([
      [1, 'eventual'],
      [1, 'strong'],
    ]);
  });

  it('reads a node once in an operation, and forgets the oldest ones', async () => {
    const forest = new Forest();
    const { nodes: all } = built(MODEL);
    await forest.store.put(TENANT, all);
    const ids = all.map(({ id }) => id);
    const roomy = forest.nodes();
    await roomy.read(ids);
    await roomy.read(ids);
    expect(forest.store.takeTraffic().read).toHaveLength(ids.length);
    const narrow = new Nodes(forest.store.reader(TENANT), 2);
    await narrow.read(ids);
    expect((await narrow.read(ids)).size).toBe(ids.length);
    expect(forest.store.takeTraffic().read.length).toBeGreaterThan(ids.length);
    expect(ids.every((id) => narrow.seen(id))).toBe(true);
  });

  it("keeps tenants' nodes apart", async () => {
    const forest = new Forest();
    const { root } = await forest.plant(MODEL);
    await expect(new Nodes(forest.store.reader('another')).readOne(root)).rejects.toMatchObject({
      name: 'Corrupt',
    });
  });
});
