import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateRules } from '../../functions/use-cases/auto-promotion/evaluate.ts';
import { rollUpDeployments } from '../../functions/use-cases/deployments/roll-up.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { times } from '../support/length.ts';
import { memoryCursors } from '../support/memory/cursors.ts';
import { meter, reset } from '../support/metered.ts';
import { tableStores } from '../support/replayed-table.ts';
import { standLive } from '../use-cases/auto-promotion/stand-live.ts';
import { createWorld } from '../use-cases/deployments/world.ts';

/** What may not grow with a tenant: units that an operation may take, however much there is. Raising a number is a decision. */
const BUDGETS = {
  'rules, nothing due': { read: 32, write: 0 },
  'rules, one due': { read: 45, write: 20 },
} as const;

describe.skipIf(skipWithoutEngine())('beside many others, on the table', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine?.stop());

  it('the evaluation of rules reads what changed and what is due, and nothing else', async () => {
    const table = engine.open();
    const used = meter(table);
    const world = await createWorld((now) => tableStores(table, now));
    const total = times(200, 1_000);
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
});

type Used = { readonly deployments: number; readonly read: number; readonly write: number };

function within(used: Used, did: { deployments: number }, budget: { read: number; write: number }): void {
  expect(used).toMatchObject(did);
  expect(used).toMatchObject({
    read: Math.min(used.read, budget.read),
    write: Math.min(used.write, budget.write),
  });
}
