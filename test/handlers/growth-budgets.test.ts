import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { evaluateRules } from '../../functions/use-cases/auto-promotion/evaluate.ts';
import { rollUpDeployments } from '../../functions/use-cases/deployments/roll-up.ts';
import { readApprovals } from '../../functions/use-cases/promotions/approvals.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { times } from '../support/length.ts';
import { memoryCursors } from '../support/memory/cursors.ts';
import { meter, reset } from '../support/metered.ts';
import { replayWritten } from '../support/replay-written.ts';
import { tableStores } from '../support/replayed-table.ts';
import { standLive } from '../use-cases/auto-promotion/stand-live.ts';
import { createWorld, TENANT } from '../use-cases/deployments/world.ts';
import { requestFull, standEntries } from '../use-cases/promotions/first-full.ts';
import { recorded, requested } from '../use-cases/promotions/stage.ts';
import { standMembers } from '../use-cases/promotions/stand-members.ts';
import { standPromotions, WITHOUT_A_HIT } from '../use-cases/promotions/stand-promotions.ts';

/** What may not grow with a tenant: units that an operation may take, however much there is. Raising a number is a decision. */
const BUDGETS = {
  'rules, nothing due': { read: 32, write: 0 },
  'rules, one due': { read: 45, write: 20 },
  'who may approve, a page of 100': { read: 20, write: 0 },
  'a page of promotions without a hit': { read: 5, write: 0 },
  // Looked for in the list of all, five rounds long: 1,000 keys in some 22 units.
  'a page of promotions without a hit, among all': { read: 90, write: 0 },
  // Two of the writes tell the log.
  'a first FULL, executed': { read: 20, write: 24 },
} as const;

describe.skipIf(skipWithoutEngine())('beside many others, on the table', () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startEngine();
  });
  afterEach(async () => {
    await replayWritten();
    await engine.stop();
  });

  it('the evaluation of rules reads what changed and what is due, and nothing else', async () => {
    const table = engine.open();
    const used = meter(table);
    const world = await createWorld((now) => tableStores(table, now));
    const total = times(60, 1_000);
    await standLive(world, total);
    const cursors = memoryCursors();
    const evaluate = async () => {
      world.advance('PT5M');
      reset(used);
      const { deployments } = await evaluateRules({ ...world.deps, cursors }, { most: 10_000 });
      return { deployments, read: used.readUnits, write: used.writeUnits };
    };
    world.advance('PT1M');
    await rollUpDeployments(world.deps, { most: 1_000, milliseconds: 60_000 });
    expect(await evaluate()).toMatchObject({ deployments: total + 1 });
    await evaluate();
    within(await evaluate(), { deployments: 0 }, BUDGETS['rules, nothing due']);
    const late = await world.deps.deployments.read('acme', 'dep-7');
    if (late === undefined) throw new Error('it is not there');
    await world.commit({
      write: 'deployment',
      deployment: { ...late, live_at: '2026-02-01T09:00:00.000Z', version: 2 },
      expected: 1,
    });
    within(await evaluate(), { deployments: 1 }, BUDGETS['rules, one due']);
    world.advance('P1D');
    expect(await evaluate()).toMatchObject({ deployments: total + 1 });
  });

  it('a page of promotions without a hit reads keys, and no promotion', async () => {
    const table = engine.open();
    const used = meter(table);
    const world = await createWorld((now) => tableStores(table, now));
    await world.gateway('gw-staging', 'staging');
    await world.gateway('gw-789', 'production');
    await recorded(world, 'dep-456', 'agent-123', 'staging');
    const total = times(120, 2_000);
    await standPromotions(world, total, 10);
    for (const [what, filter] of Object.entries(WITHOUT_A_HIT)) {
      reset(used);
      const { items, next } = await world.deps.promotions.list(TENANT, filter, { limit: 50 });
      expect(items, what).toEqual([]);
      within(
        { deployments: 0, read: used.readUnits, write: used.writeUnits },
        {},
        /source|target|well/.test(what)
          ? BUDGETS['a page of promotions without a hit, among all']
          : BUDGETS['a page of promotions without a hit'],
      );
      // These have a list of their own, or their keys tell: one page is the whole answer.
      if (!/target|well/.test(what) || total <= 1_000) expect(next, what).toBeUndefined();
    }
  });

  it('all of an environment goes to one that has nothing without being read again', async () => {
    const table = engine.open();
    const used = meter(table);
    const world = await createWorld((now) => tableStores(table, now));
    const entries = Array.from(
      { length: times(3_000, 30_000) },
      (_, n) => ({ kind: 'config', key: `key-${n}`, value: `value ${n}` }) as const,
    );
    await standEntries(world, entries);
    const executed = await requestFull(world);
    reset(used);
    await executed({ ...world.deps, ...tableStores(table, () => world.now) });
    within(
      { deployments: 0, read: used.readUnits, write: used.writeUnits },
      {},
      BUDGETS['a first FULL, executed'],
    );
    const slot = (environment: string) =>
      ({ subject: { kind: 'config', name: 'config' }, environment }) as const;
    const [there, here] = await Promise.all(
      ['staging', 'development'].map((environment) => world.deps.heads.read(TENANT, slot(environment))),
    );
    expect(there?.digest).toBe(here?.digest);
  });

  it('the answer who may approve reads those who may, and no other member', async () => {
    const table = engine.open();
    const used = meter(table);
    const tenant = await createWorld((now) => tableStores(table, now, table));
    await standMembers(tenant, times(150, 2_000), 120);
    await tenant.gateway('gw-staging', 'staging');
    await tenant.gateway('gw-789', 'production');
    await recorded(tenant, 'dep-456', 'agent-123', 'staging');
    const { id } = await requested(tenant);
    reset(used);
    const view = await readApprovals(tenant.deps, { tenant: TENANT, id }, { limit: 100 });
    const pageCost = { deployments: 0, read: used.readUnits, write: used.writeUnits };
    if (isRefusal(view)) throw new Error(view.detail);
    expect(view.people).toHaveLength(100);
    within(pageCost, {}, BUDGETS['who may approve, a page of 100']);
    const last = await readApprovals(
      tenant.deps,
      { tenant: TENANT, id },
      { limit: 100, after: view.next ?? '' },
    );
    if (isRefusal(last)) throw new Error(last.detail);
    expect(last.next).toBeUndefined();
    const all = [...view.people, ...last.people].map(({ subject }) => subject);
    expect(new Set(all).size).toBe(120);
  });
});

type Used = { readonly deployments: number; readonly read: number; readonly write: number };

function within(used: Used, did: { deployments?: number }, budget: { read: number; write: number }): void {
  expect(used).toMatchObject(did);
  expect(used).toMatchObject({
    read: Math.min(used.read, budget.read),
    write: Math.min(used.write, budget.write),
  });
}
