import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prefixRange } from '../../../functions/domain/config-tree/key-range.ts';
import { getBodies, scanAll, scanPage } from '../../../functions/domain/config-tree/scan.ts';
import { times } from '../../support/length.ts';
import { Forest, KEY, MODEL, numbered } from './trees.ts';

describe('reading a tree', () => {
  it('gives back what was put in', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, async (model) => {
        const forest = new Forest();
        const { root } = await forest.plant(model);
        expect(await forest.model(root)).toEqual(model);
      }),
      { numRuns: times(20, 160) },
    );
  });

  it('whole gives every key once, over more leaves than are held at a time', async () => {
    const forest = new Forest();
    const { root } = await forest.plant(numbered(9_000));
    const keys: string[] = [];
    for await (const items of scanAll(forest.nodes(), root, [prefixRange('c')]))
      keys.push(...items.map(({ key }) => key));
    expect(keys).toEqual([...numbered(9_000).keys()].toSorted());
  });

  it('page by page gives every key of the ranges once, in order', async () => {
    const BOUNDS = fc.array(fc.tuple(KEY, KEY), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(MODEL, BOUNDS, fc.integer({ min: 1, max: 60 }), async (model, bounds, limit) => {
        const forest = new Forest();
        const { root } = await forest.plant(model);
        const ranges = bounds.map(([from, to]) => ({ from, to }));
        const keys: string[] = [];
        let after: string | undefined;
        do {
          const page = await scanPage(forest.nodes(), root, {
            ranges,
            limit,
            ...(after === undefined ? {} : { after }),
          });
          if (page.after !== undefined) expect(page.items).toHaveLength(limit);
          keys.push(...page.items.map(({ key }) => key));
          after = page.after;
        } while (after !== undefined);
        const inside = (key: string) => ranges.some(({ from, to }) => from <= key && key < to);
        expect(keys).toEqual([...model.keys()].filter(inside).sort());
      }),
      { numRuns: times(25, 200) },
    );
  });

  it('reads about as many leaves as a page answers, in one round per level', async () => {
    const forest = new Forest();
    const { root } = await forest.plant(numbered(50_000));
    forest.store.takeTraffic();
    const ranges = [prefixRange('cteam/service-00')];
    for (let n = 31_400; n < 31_500; n += 7) {
      await scanPage(forest.nodes(), root, { ranges, limit: 100, after: `cteam/service-00${n}` });
      const { rounds, read } = forest.store.takeTraffic();
      expect(rounds).toBe(3);
      expect(read.length).toBeLessThanOrEqual(7);
    }
  });

  it('finds keys by name, and does not find others', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, fc.array(KEY), async (model, keys) => {
        const forest = new Forest();
        const { root } = await forest.plant(model);
        const found = await getBodies(forest.nodes(), root, keys);
        expect([...found.keys()].sort()).toEqual([...new Set(keys)].filter((key) => model.has(key)).sort());
      }),
      { numRuns: times(20, 160) },
    );
  });
});
