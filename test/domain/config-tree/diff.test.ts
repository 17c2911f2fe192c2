import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBodies } from '../../../functions/domain/config-tree/body.ts';
import type { Change } from '../../../functions/domain/config-tree/diff.ts';
import { collectDiff, countUnchanged, diffTrees } from '../../../functions/domain/config-tree/diff.ts';
import type { KeyRange } from '../../../functions/domain/config-tree/key-range.ts';
import { ALL_KEYS, prefixRange } from '../../../functions/domain/config-tree/key-range.ts';
import type { NewNode } from '../../../functions/domain/config-tree/node.ts';
import { Nodes } from '../../../functions/domain/config-tree/nodes.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import { times } from '../../support/length.ts';
import type { Model } from './trees.ts';
import { built, EDITS, edited, Forest, KEY, MODEL, numbered, TENANT, text } from './trees.ts';

type Named = readonly [string, string | null, string | null];

function naive(before: Model, after: Model): Named[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys
    .map((key): Named => [key, before.get(key) ?? null, after.get(key) ?? null])
    .filter(([, a, b]) => a !== b);
}

async function named(forest: Forest, changes: readonly Change[]): Promise<Named[]> {
  const nodes = forest.nodes();
  const one = async (body: Change['after']) =>
    body === null ? null : text((await readBodies(nodes, [body]))[0]);
  return Promise.all(
    changes.map(async ({ key, before, after }): Promise<Named> => [key, await one(before), await one(after)]),
  );
}

describe('the diff of two trees', () => {
  it('is the naive diff, in order of keys, and counts what is unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, MODEL, EDITS, fc.boolean(), async (model, other, edits, near) => {
        const forest = new Forest();
        const after = near ? edited(model, edits) : other;
        const [a, b] = [await forest.plant(model), await forest.plant(after)];
        const nodes = forest.nodes();
        const changes = await collectDiff(nodes, a.root, b.root);
        expect(await named(forest, changes)).toEqual(naive(model, after));
        const same = [...model].filter(([key, value]) => after.get(key) === value).length;
        expect(await countUnchanged(nodes, b.root, changes)).toBe(same);
      }),
      { numRuns: times(5, 200) },
    );
  });

  it('within ranges is the naive diff of those ranges', async () => {
    const BOUNDS = fc.array(fc.tuple(KEY, KEY), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(MODEL, EDITS, BOUNDS, async (model, edits, bounds) => {
        const forest = new Forest();
        const after = edited(model, edits);
        const [a, b] = [await forest.plant(model), await forest.plant(after)];
        const ranges = bounds.map(([from, to]): KeyRange => ({ from, to }));
        const changes = await collectDiff(forest.nodes(), a.root, b.root, ranges);
        const inside = (key: string) => ranges.some(({ from, to }) => from <= key && key < to);
        expect(await named(forest, changes)).toEqual(naive(model, after).filter(([key]) => inside(key)));
      }),
      { numRuns: times(5, 160) },
    );
  });

  it('reads only the roots and nodes that one side has and the other has not, both sides in one round', async () => {
    const model = numbered(20_000);
    const keys = [...model.keys()];
    const after = edited(
      model,
      [3, 7_777, 19_999].map((i) => [keys[i] ?? '', 'changed'] as const),
    );
    const forest = new Forest();
    const [a, b] = [built(model), built(after)];
    await forest.store.put(TENANT, [...a.nodes, ...b.nodes]);
    const asked: Digest[] = [];
    let rounds = 0;
    const inner = forest.store.reader(TENANT);
    const nodes = new Nodes({
      read: (ids, consistency) => {
        asked.push(...ids);
        rounds += 1;
        return inner.read(ids, consistency);
      },
    });
    expect(await collectDiff(nodes, a.tree.root, b.tree.root)).toHaveLength(3);
    const idsOf = (list: readonly NewNode[]) => new Set(list.map(({ id }) => id));
    const [olds, news] = [idsOf(a.nodes), idsOf(b.nodes)];
    const differing = [...a.nodes, ...b.nodes].filter(({ id }) => olds.has(id) !== news.has(id));
    expect(new Set(asked)).toEqual(idsOf(differing));
    expect(asked).toHaveLength(new Set(asked).size);
    expect(rounds).toBe(3);
  });

  it('of trees that differ all over, in other leaves on each side, is the naive diff too', async () => {
    const model = numbered(24_000);
    const kept = [...model].filter((_, i) => i % 3 > 0 || (i > 6_000 && i < 15_000));
    const after = new Map(kept.map(([key, value], i) => [key, i % 5 > 0 ? value + value : value]));
    const forest = new Forest();
    const [a, b] = [await forest.plant(model), await forest.plant(after)];
    for (const [from, to, olds, news] of [
      [a.root, b.root, model, after],
      [b.root, a.root, after, model],
    ] as const) {
      const changes = await collectDiff(forest.nodes(), from, to);
      expect(await named(forest, changes)).toEqual(naive(olds, news));
    }
  });

  it('reads nothing for equal roots', async () => {
    const forest = new Forest();
    const { root } = await forest.plant(numbered(500));
    forest.store.takeTraffic();
    expect(await collectDiff(forest.nodes(), root, root)).toEqual([]);
    expect(forest.store.takeTraffic()).toEqual({ rounds: 0, read: [], written: [] });
  });

  it('stops reading when nobody wants more', async () => {
    const forest = new Forest();
    const { root } = await forest.plant(numbered(50_000));
    const none = await forest.plant(new Map());
    forest.store.takeTraffic();
    for await (const batch of diffTrees(forest.nodes(), none.root, root, [ALL_KEYS])) {
      expect(batch.length).toBeGreaterThan(0);
      break;
    }
    expect(forest.store.takeTraffic().read.length).toBeLessThan(200);
  });

  it('of a prefix leaves all other leaves unread', async () => {
    const forest = new Forest();
    const model = numbered(50_000);
    const changed = new Map([...model].map(([key, value]) => [key, `${value}!`]));
    const [a, b] = [await forest.plant(model), await forest.plant(changed)];
    forest.store.takeTraffic();
    const ranges = [prefixRange('cteam/service-00123')];
    expect(await collectDiff(forest.nodes(), a.root, b.root, ranges)).toHaveLength(100);
    expect(forest.store.takeTraffic().read.length).toBeLessThan(16);
  });
});
