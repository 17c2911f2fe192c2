import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markRoots, markStep, startMark } from '../../../functions/domain/config-tree/mark.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import { times } from '../../support/length.ts';
import { built, EDITS, edited, Forest, MODEL, numbered, TENANT } from './trees.ts';

describe('marking what roots reach', () => {
  it('marks every node of every root, parts too, and no other, whatever the steps', async () => {
    await fc.assert(
      fc.asyncProperty(
        MODEL,
        EDITS,
        MODEL,
        fc.integer({ min: 1, max: 20 }),
        async (a, edits, other, limit) => {
          const forest = new Forest();
          const models = [a, edited(a, edits)];
          const roots: Digest[] = [];
          for (const model of models) roots.push((await forest.plant(model)).root);
          await forest.plant(other);
          const mark = startMark();
          for (const root of roots) {
            markRoots(mark, [root]);
            await markStep(forest.nodes(), mark, limit);
          }
          while (!(await markStep(forest.nodes(), mark, limit)));
          const wanted = models.flatMap((model) => built(model).nodes.map(({ id }) => id));
          expect(mark.marked).toEqual(new Set(wanted));
        },
      ),
      { numRuns: times(15, 120) },
    );
  });

  it('reads no leaf without parts, and nothing again below what is marked', async () => {
    const forest = new Forest();
    const model = numbered(20_000);
    const { root } = await forest.plant(model);
    const next = await forest.edit(root, [['cteam/service-0000500', 'changed']]);
    forest.store.takeTraffic();
    const mark = startMark();
    markRoots(mark, [root]);
    while (!(await markStep(forest.nodes(), mark, 100)));
    const first = forest.store.takeTraffic().read.length;
    expect(first).toBe(built(model).nodes.filter(({ bytes }) => (bytes[1] ?? 0) > 0).length);
    markRoots(mark, [root, next.root]);
    while (!(await markStep(forest.nodes(), mark, 100)));
    expect(forest.store.takeTraffic().read).toHaveLength(2);
  });

  it('keeps a failed step pending, so that nothing reachable is left out', async () => {
    const forest = new Forest();
    const { root } = await forest.plant(numbered(20_000));
    const stored = forest.store.stored(TENANT);
    const kept = stored.get(root);
    stored.delete(root);
    const mark = startMark();
    markRoots(mark, [root]);
    await expect(markStep(forest.nodes(), mark, 10)).rejects.toMatchObject({ name: 'Corrupt' });
    expect(mark.pending).toHaveLength(1);
    if (kept !== undefined) stored.set(root, kept);
    while (!(await markStep(forest.nodes(), mark, 10)));
    expect(mark.marked.size).toBe(stored.size);
  });
});
