import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../functions/domain/config-tree/edit.ts';
import { markRoots, markStep, startMark } from '../../../functions/domain/config-tree/mark.ts';
import { countEntries } from '../../../functions/domain/config-tree/scan.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import { times } from '../../support/length.ts';
import { BOUNDARY, built, EDITS, edited, editOf, Forest, MODEL, numbered, TENANT } from './trees.ts';

describe('editing a tree', () => {
  it('gives the root that building from the same entries gives', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, EDITS, async (model, edits) => {
        const forest = new Forest();
        const { root } = await forest.plant(model);
        const wanted = edited(model, edits);
        const tree = await forest.edit(root, edits);
        expect(tree).toEqual(built(wanted).tree);
        expect(tree.count).toBe(wanted.size);
      }),
      { numRuns: times(8, 400) },
    );
  });

  it('gives one root whatever the order and the batches', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, fc.nat(), fc.integer({ min: 1, max: 50 }), async (model, seed, size) => {
        const forest = new Forest();
        let { root } = await forest.plant(new Map());
        const entries = shuffled([...model], seed);
        for (let at = 0; at < entries.length; at += size) {
          root = (await forest.edit(root, entries.slice(at, at + size))).root;
        }
        expect(root).toBe(built(model).tree.root);
      }),
      { numRuns: times(5, 160) },
    );
  });

  it('shrinks to the root of what is left, down to nothing', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, fc.nat(), fc.integer({ min: 1, max: 120 }), async (model, seed, size) => {
        const forest = new Forest();
        let { root } = await forest.plant(model);
        const left = new Map(model);
        const keys = shuffled([...model.keys()], seed);
        for (let at = 0; at < keys.length; at += size) {
          const gone = keys.slice(at, at + size);
          for (const key of gone) left.delete(key);
          root = (
            await forest.edit(
              root,
              gone.map((key) => [key, null] as const),
            )
          ).root;
          expect(root).toBe(built(left).tree.root);
        }
      }),
      { numRuns: times(4, 80) },
    );
  });

  it('keeps a root that ended at a boundary when keys are put behind it', async () => {
    for (const level of [0, 1]) {
      const model = numbered(16_000);
      const { nodes, tree } = built(model);
      const closed = nodes.find(({ bytes }) => bytes[1] === level);
      const forest = new Forest();
      await forest.store.put(TENANT, nodes);
      expect(closed?.id).not.toBe(tree.root);
      if (closed === undefined) return;
      const first = await forest.model(closed.id);
      expect(built(first).tree.root).toBe(closed.id);
      const wanted = edited(first, [['cz', 'behind']]);
      const behind = await forest.edit(closed.id, [['cz', 'behind']]);
      expect(behind).toEqual(built(wanted).tree);
      // Also the branch that has that one leaf alone is stored.
      expect(await forest.model(behind.root)).toEqual(wanted);
    }
  });

  it('hands out exactly the nodes that the old tree has not', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, EDITS, async (model, edits) => {
        const forest = new Forest();
        const { root } = await forest.plant(model);
        const before = await reachable(forest, root);
        const { nodes, root: next } = await applyEdits(forest.nodes(), root, edits.map(editOf), BOUNDARY);
        await forest.store.put(TENANT, nodes);
        const after = await reachable(forest, next);
        const trees = nodes.filter(({ bytes }) => bytes[1] !== 0xff).map(({ id }) => id);
        const parts = await partsOf(edits);
        expect(new Set(trees)).toEqual(new Set([...after].filter((id) => !before.has(id) && !parts.has(id))));
        expect(trees).toHaveLength(new Set(trees).size);
      }),
      { numRuns: times(5, 160) },
    );
  });

  it('writes nothing when nothing changes', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, async (model) => {
        const forest = new Forest();
        const tree = await forest.plant(model);
        const same = [...model].filter(([, value]) => value.length <= 2_049);
        const absent = [['cabsent/key', null] as const];
        const { nodes, ...again } = await applyEdits(
          forest.nodes(),
          tree.root,
          [...same, ...absent].map(editOf),
          BOUNDARY,
        );
        expect(again).toEqual(tree);
        expect(nodes).toEqual([]);
      }),
      { numRuns: times(5, 160) },
    );
  });

  it('lets the last edit of a key count', async () => {
    const forest = new Forest();
    const { root } = await forest.plant(new Map());
    const tree = await forest.edit(root, [
      ['ca', '1'],
      ['ca', '2'],
      ['cb', '1'],
      ['cb', null],
    ]);
    expect(await forest.model(tree.root)).toEqual(new Map([['ca', '2']]));
  });

  it('is undone by the old values', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, EDITS, async (model, edits) => {
        const forest = new Forest();
        const { root } = await forest.plant(model);
        const next = await forest.edit(root, edits);
        const back = await forest.edit(
          next.root,
          edits.map(([key]) => [key, model.get(key) ?? null] as const),
        );
        expect(back.root).toBe(root);
        expect(await countEntries(forest.nodes(), root)).toBe(model.size);
      }),
      { numRuns: times(5, 160) },
    );
  });
});

async function reachable(forest: Forest, root: Digest): Promise<Set<Digest>> {
  const mark = startMark();
  markRoots(mark, [root]);
  while (!(await markStep(forest.nodes(), mark, 100)));
  return mark.marked;
}

async function partsOf(edits: readonly (readonly [string, string | null])[]): Promise<Set<Digest>> {
  return new Set(edits.flatMap((edit) => (editOf(edit).parts ?? []).map(({ id }) => id)));
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed;
  const keyed = list.map((item) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return { item, state };
  });
  return keyed.sort((a, b) => a.state - b.state).map(({ item }) => item);
}
