import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectDiff } from '../../../functions/domain/config-tree/diff.ts';
import { applyEdits } from '../../../functions/domain/config-tree/edit.ts';
import { EMPTY_ROOT } from '../../../functions/domain/config-tree/empty.ts';
import { editsOf, invertChanges, mergeChanges } from '../../../functions/domain/config-tree/merge.ts';
import type { Scope } from '../../../functions/domain/config-tree/promote.ts';
import { mergeTrees, planPromotion, wholeSource } from '../../../functions/domain/config-tree/promote.ts';
import { EVERYTHING, selectGlobs, selectKeys } from '../../../functions/domain/config-tree/selection.ts';
import { times } from '../../support/length.ts';
import type { Model } from './trees.ts';
import { BOUNDARY, built, EDITS, edited, Forest, MODEL, numbered, TENANT } from './trees.ts';

const NOTHING = selectKeys([]);
const GLOBS = fc.subarray(['0*', '1?3*', '*.seg-*', '2*', '??5.*', '*9*']);
const SCOPE: fc.Arbitrary<{ readonly scope: Scope; readonly globs: readonly string[] | null }> = fc
  .tuple(fc.option(GLOBS), GLOBS, fc.boolean())
  .map(([globs, owned, prune]) => ({
    globs,
    scope: { selection: globs === null ? EVERYTHING : selectGlobs(globs), owned: selectGlobs(owned), prune },
  }));

/** The three-way merge as a table of keys. */
function naiveMerge(base: Model, source: Model, target: Model, scope: Scope) {
  const result = new Map(target);
  const conflicts: string[] = [];
  for (const key of [...new Set([...base.keys(), ...source.keys()])].sort()) {
    const [old, wanted, found] = [base.get(key), source.get(key), target.get(key)];
    const stays = !scope.selection.matches(key) || scope.owned.matches(key);
    if (stays || wanted === old || (wanted === undefined && !scope.prune)) continue;
    if (found !== old && found !== wanted) conflicts.push(key);
    if (wanted === undefined) result.delete(key);
    else result.set(key, wanted);
  }
  return { result, conflicts };
}

describe('merging three trees', () => {
  it('is the naive three-way merge, and names the keys in conflict', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, EDITS, EDITS, SCOPE, async (base, toSource, toTarget, { scope }) => {
        const forest = new Forest();
        const models = { base, source: edited(base, toSource), target: edited(base, toTarget) };
        const roots = {
          base: (await forest.plant(base)).root,
          source: (await forest.plant(models.source)).root,
          target: (await forest.plant(models.target)).root,
        };
        const wanted = naiveMerge(base, models.source, models.target, scope);
        const { merged, tree } = await mergeTrees(forest.nodes(), roots, scope, BOUNDARY);
        expect(merged.conflicts.map(({ key }) => key)).toEqual(wanted.conflicts);
        if (wanted.conflicts.length > 0) expect(tree).toBeUndefined();
        else {
          expect(tree).toMatchObject(built(wanted.result).tree);
          await forest.store.put(TENANT, tree?.nodes ?? []);
          expect(await forest.model(tree?.root ?? roots.base)).toEqual(wanted.result);
        }
      }),
      { numRuns: times(5, 160) },
    );
  });

  it('never moves an owned key, and deletes nothing without prune', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, MODEL, SCOPE, async (target, source, { scope }) => {
        const forest = new Forest();
        const roots = [(await forest.plant(target)).root, (await forest.plant(source)).root] as const;
        for await (const { changes, owned, kept } of planPromotion(forest.nodes(), ...roots, scope)) {
          expect(changes.filter(({ key }) => scope.owned.matches(key))).toEqual([]);
          expect(owned.every(({ key }) => scope.owned.matches(key))).toBe(true);
          if (!scope.prune) expect(changes.filter(({ after }) => after === null)).toEqual([]);
          else expect(kept).toEqual([]);
        }
      }),
      { numRuns: times(5, 160) },
    );
  });

  it('takes the source itself, unread, when nothing of the target stays', async () => {
    const forest = new Forest();
    const target = await forest.plant(numbered(5_000));
    const source = await forest.plant(edited(numbered(5_100), [['cteam/service-0000007', null]]));
    forest.store.takeTraffic();
    const roots = { base: target.root, source: source.root, target: target.root };
    const scope = { selection: EVERYTHING, owned: NOTHING, prune: true };
    const { tree } = await mergeTrees(forest.nodes(), roots, scope, BOUNDARY);
    expect(tree).toEqual({ ...source, nodes: [] });
    expect(forest.store.takeTraffic()).toMatchObject({ rounds: 1, written: [] });
    expect(wholeSource(target.root, target.root, source.root, { ...scope, prune: false })).toBeUndefined();
    expect(
      wholeSource(target.root, target.root, source.root, { ...scope, owned: selectGlobs(['a*']) }),
    ).toBeUndefined();
    expect(wholeSource(target.root, source.root, source.root, scope)).toBeUndefined();
  });

  it('is the source itself on a target that has nothing, whether or not it would be pruned', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, SCOPE, async (model, { scope }) => {
        const forest = new Forest();
        const { root } = await forest.plant(model);
        const whole = wholeSource(EMPTY_ROOT, EMPTY_ROOT, root, scope);
        const all = scope.selection === EVERYTHING && scope.owned.ranges.length === 0;
        expect(whole).toBe(all ? root : undefined);
        const { result } = naiveMerge(new Map(), model, new Map(), scope);
        if (all) expect(result).toEqual(model);
      }),
    );
  });

  it('writes no leaf that the source has', async () => {
    const forest = new Forest();
    const target = numbered(20_000);
    const source = new Map([...target].map(([key, value]) => [key, value.replace('value', 'other')]));
    const roots = {
      base: (await forest.plant(target)).root,
      source: (await forest.plant(source)).root,
      target: (await forest.plant(target)).root,
    };
    const scope = { selection: selectGlobs(['team/service-0010*']), owned: NOTHING, prune: true };
    const { tree } = await mergeTrees(forest.nodes(), roots, scope, BOUNDARY);
    const leaves = (tree?.nodes ?? []).filter(({ bytes }) => bytes[1] === 0);
    expect(leaves.length).toBeLessThanOrEqual(2);
    await forest.store.put(TENANT, tree?.nodes ?? []);
    const merged = await forest.model(tree?.root ?? roots.base);
    expect([...merged].filter(([key, value]) => target.get(key) !== value)).toHaveLength(1_000);
  });
});

describe('change sets', () => {
  it('taken back give the old root', async () => {
    await fc.assert(
      fc.asyncProperty(MODEL, MODEL, async (before, after) => {
        const forest = new Forest();
        const [a, b] = [await forest.plant(before), await forest.plant(after)];
        const changes = await collectDiff(forest.nodes(), a.root, b.root);
        const forth = await applyEdits(forest.nodes(), a.root, editsOf(changes), BOUNDARY);
        expect(forth.root).toBe(b.root);
        const back = await applyEdits(forest.nodes(), b.root, editsOf(invertChanges(changes)), BOUNDARY);
        expect(back.root).toBe(a.root);
      }),
      { numRuns: times(5, 160) },
    );
  });

  it('agree where both did the same', () => {
    const body = (value: number) => ({ inline: new Uint8Array([value]) });
    const change = { key: 'ca', before: body(1), after: body(2) };
    expect(mergeChanges([change], [{ ...change, after: body(2) }])).toEqual({
      changes: [],
      agreed: ['ca'],
      conflicts: [],
    });
    const removed = { ...change, after: null };
    expect(mergeChanges([removed], [removed])).toEqual({ changes: [], agreed: ['ca'], conflicts: [] });
    expect(mergeChanges([removed], [change]).conflicts).toEqual([
      { key: 'ca', base: body(1), wanted: null, found: body(2) },
    ]);
    expect(mergeChanges([change], [{ ...change, after: null }]).conflicts).toEqual([
      { key: 'ca', base: body(1), wanted: body(2), found: null },
    ]);
  });
});
