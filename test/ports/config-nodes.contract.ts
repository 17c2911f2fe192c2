import { expect, test } from 'vitest';
import type { NewNode } from '../../functions/domain/config-tree/node.ts';
import { Nodes } from '../../functions/domain/config-tree/nodes.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { NODE_LISTS, type PutNode } from '../../functions/ports/node-sweep.ts';
import { built, numbered } from '../domain/config-tree/trees.ts';
import { type Bench, everything } from './adapters.ts';

const nodesOf = (count: number) => built(numbered(count));

/** What keeping config nodes promises. `setNow` moves the time at which nodes are put. */
export function configNodesContract({ stores, tenant }: Bench, setNow: (instant: string) => void): void {
  const all = async (own: string): Promise<PutNode[]> => {
    const lists = Array.from({ length: NODE_LISTS }, (_, list) =>
      everything((page) => stores().nodeSweep.list(own, list, page), 3),
    );
    return (await Promise.all(lists)).flat();
  };

  test('nodes come back as they were put, more than a batch holds, at either consistency', async () => {
    const { nodes } = nodesOf(12_000);
    expect(nodes.length).toBeGreaterThan(120);
    const own = tenant();
    await stores().nodes.put(own, nodes);
    for (const consistency of ['eventual', 'strong'] as const) {
      const read = await stores()
        .nodes.reader(own)
        .read(
          nodes.map(({ id }) => id),
          consistency,
        );
      expect(read.size).toBe(nodes.length);
      for (const { id, bytes } of nodes) expect(Buffer.from(read.get(id) ?? []).equals(bytes), id).toBe(true);
    }
  });

  test('a node that is not there is left out, and another tenant has none', async () => {
    const { nodes } = nodesOf(10);
    const [own, other] = [tenant(), tenant()];
    await stores().nodes.put(own, nodes);
    const ids = nodes.map(({ id }) => id);
    const missing = digestOfBytes('missing');
    expect(
      (
        await stores()
          .nodes.reader(own)
          .read([...ids, missing], 'strong')
      ).size,
    ).toBe(ids.length);
    expect((await stores().nodes.reader(own).read(ids, 'eventual')).size).toBe(ids.length);
    expect((await stores().nodes.reader(other).read(ids, 'eventual')).size).toBe(0);
  });

  test('a node that is missing, or is not what its id says, is a fault and never an empty subtree', async () => {
    const { tree, nodes } = nodesOf(500);
    const own = tenant();
    await stores().nodes.put(own, nodes.slice(1));
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    const fresh = () => new Nodes(stores().nodes.reader(own));
    await expect(fresh().read([first.id])).rejects.toMatchObject({ name: 'Corrupt' });
    const lie: NewNode = { id: first.id, bytes: nodes[1]?.bytes ?? new Uint8Array() };
    await stores().nodes.put(own, [lie]);
    await expect(fresh().read([first.id])).rejects.toMatchObject({ name: 'Corrupt' });
    await stores().nodes.put(own, [first]);
    await expect(fresh().read([first.id])).resolves.toHaveProperty('size', 1);
    await expect(fresh().readOne(tree.root)).resolves.toHaveProperty('kind', 'branch');
  });

  test('every node is listed once with the time of its last put', async () => {
    const { nodes } = nodesOf(2_000);
    const own = tenant();
    setNow('2026-11-01T00:00:00.000Z');
    await stores().nodes.put(own, nodes);
    setNow('2026-11-02T00:00:00.000Z');
    await stores().nodes.put(own, nodes.slice(0, 1));
    const listed = await all(own);
    expect(listed.map(({ id }) => id).sort()).toEqual(nodes.map(({ id }) => id).sort());
    for (const { id, put_at } of listed) {
      const day = id === nodes[0]?.id ? '02' : '01';
      expect(new Date(put_at).toISOString()).toBe(`2026-11-${day}T00:00:00.000Z`);
    }
  });

  test('a node is removed only as it was listed: one that was put again since stays', async () => {
    const { nodes } = nodesOf(200);
    const own = tenant();
    setNow('2026-11-01T00:00:00.000Z');
    await stores().nodes.put(own, nodes);
    const listed = await all(own);
    const [kept, removed] = listed;
    if (kept === undefined || removed === undefined) throw new Error('too few nodes');
    setNow('2026-11-02T00:00:00.000Z');
    await stores().nodes.put(
      own,
      nodes.filter(({ id }) => id === kept.id),
    );
    expect(await stores().nodeSweep.remove(own, kept)).toBe(false);
    expect(await stores().nodeSweep.remove(own, removed)).toBe(true);
    expect(await stores().nodeSweep.remove(own, removed)).toBe(false);
    const left = await all(own);
    expect(left.map(({ id }) => id)).toContain(kept.id);
    expect(left).toHaveLength(nodes.length - 1);
  });

  test('a salt is one secret per tenant, however many ask for it first', async () => {
    const own = tenant();
    const asked = await Promise.all(Array.from({ length: 8 }, () => stores().chunkingKeys.of(own)));
    expect(asked[0]).toHaveLength(32);
    for (const salt of asked) expect(Buffer.compare(salt, asked[0] ?? new Uint8Array())).toBe(0);
    expect(Buffer.compare(await stores().chunkingKeys.of(tenant()), asked[0] ?? new Uint8Array())).not.toBe(
      0,
    );
  });
}
