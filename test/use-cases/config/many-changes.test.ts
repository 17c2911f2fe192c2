import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundaryOf } from '../../../functions/domain/config-tree/boundary.ts';
import { buildTree } from '../../../functions/domain/config-tree/build.ts';
import { type Entry, itemOfEntry } from '../../../functions/domain/config-tree/entry.ts';
import type { ShownEntry } from '../../../functions/domain/config-tree/mask.ts';
import type { NewNode } from '../../../functions/domain/config-tree/node.ts';
import { type Digest, digest, digestOfBytes } from '../../../functions/domain/digest.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import type { Sides } from '../../../functions/use-cases/config/shown.ts';
import { slotIn } from '../../../functions/use-cases/config/slot.ts';
import { changePage } from '../../../functions/use-cases/kinds/config/impact.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { configStage, granted, PERSON, point, type Stage, TENANT } from '../../bench/config-stage.ts';
import { KEYED } from '../../domain/config-tree/trees.ts';
import { skipWithoutEngine } from '../../support/engine.ts';
import { times } from '../../support/length.ts';
import { reset } from '../../support/metered.ts';
import { tableStores } from '../../support/replayed-table.ts';

const KEYS = times(15_000, 50_000);
const CHANGED = times(12_000, 40_000);
const PAGE = 1_000;

const entryAt = (n: number, version: number): Entry => ({
  kind: 'config',
  key: `team-${String(n % 97).padStart(2, '0')}/service.${String(n).padStart(6, '0')}`,
  value: { limit: n, version, note: `the ${n}th setting of a large estate` },
});
const bodyOf = (entry: Entry) => {
  const item = itemOfEntry(entry, KEYED);
  if ('refused' in item) throw new Error(item.detail);
  return item;
};

describe.skipIf(skipWithoutEngine())('a promotion of very many changes', () => {
  let stage: Stage;
  let state: PromotionState;

  const plant = async (version: (n: number) => number): Promise<Digest> => {
    const items = Array.from({ length: KEYS }, (_, n) => bodyOf(entryAt(n, version(n)))).sort((a, b) =>
      a.key < b.key ? -1 : 1,
    );
    const nodes: NewNode[] = [];
    const building = buildTree(items, boundaryOf(await stage.deps.chunkingKeys.of(TENANT)));
    for (let step = building.next(); ; step = building.next()) {
      if (!step.done) {
        nodes.push(step.value);
        continue;
      }
      await stage.deps.nodes.put(TENANT, nodes);
      return step.value.root;
    }
  };

  beforeAll(async () => {
    stage = await configStage();
    await point(stage.deps, 'development', await plant((n) => (n < CHANGED ? 2 : 1)));
    await point(stage.deps, 'staging', await plant(() => 1));
    const created = await createPromotion(stage.deps, {
      actor: PERSON,
      tenant: TENANT,
      execution: 'automatic',
      request: {
        kind: 'config',
        selects: 'FULL',
        config_ids: [],
        flag_ids: [],
        key_patterns: [],
        prune: true,
        target_environment: 'staging',
      },
    });
    ({ state } = granted(created));
  });
  afterAll(() => stage.stop());

  /** Every page as a reader sees it whose process has read nothing before, and the most that one of them cost. */
  async function pages() {
    const changes: Sides<ShownEntry>[] = [];
    let [after, count, most]: [string | undefined, number, number] = [undefined, 0, 0];
    do {
      reset(stage.used);
      const fresh = tableStores(stage.table);
      const page: Awaited<ReturnType<typeof changePage>> = await changePage(fresh, state, {
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      changes.push(...page.changes);
      most = Math.max(most, stage.used.readUnits);
      count += 1;
      after = page.next;
    } while (after !== undefined);
    return { changes, count, most };
  }

  const markOf = (entry: ShownEntry | null) => {
    if (entry === null) return null;
    if (!('value' in entry) || entry.sensitive !== undefined) throw new Error('not a plain value');
    const { kind, key, value } = entry;
    const { body } = bodyOf({ kind, key, value });
    if (!('inline' in body)) throw new Error('long');
    return digestOfBytes(body.inline);
  };
  const digestOfPages = (changes: readonly Sides<ShownEntry>[]) =>
    digest(
      'sluice/change-set/v1',
      changes.map(({ key, before, after }) => [key, markOf(before), markOf(after)]),
    );

  it('is reviewed page by page, each of them about as cheap as what it shows, and is the one that was sealed', async () => {
    const { changes, count, most } = await pages();
    expect(changes).toHaveLength(CHANGED);
    expect(count).toBe(CHANGED / PAGE);
    // Reading all of both trees would be some 800 units for 50,000 keys.
    expect(most).toBeLessThan(80);
    expect(digestOfPages(changes)).toBe(state.seal.plan.change_set_digest);
    expect(state.seal.plan.tree?.summary).toMatchObject({ modified: CHANGED, added: 0, removed: 0 });
  });

  it('shows readers the old root or the new one, still shows its changes once completed, and has a small record', async () => {
    const before = state.seal.plan.base.digest;
    const seen = new Set<string | null>();
    let running = true;
    const reading = (async () => {
      const { heads } = tableStores(stage.table);
      while (running) seen.add((await heads.read(TENANT, slotIn('staging')))?.digest ?? null);
    })();
    await execute(stage.deps, { tenant: TENANT, id: state.id });
    running = false;
    await reading;
    expect([...seen].filter((root) => root !== before && root !== state.seal.plan.source.digest)).toEqual([]);
    expect(seen).toContain(before);
    const stored = await stage.deps.promotions.read(TENANT, state.id);
    if (stored?.state.status !== 'completed') throw new Error(`it is ${stored?.state.status}`);
    ({ state } = stored);
    expect(JSON.stringify(state).length).toBeLessThan(8_192);
    expect(digestOfPages((await pages()).changes)).toBe(state.seal.plan.change_set_digest);
  });
});
