import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import type { Counted, Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { after, type RollUp } from '../../../functions/domain/deployment/roll-up.ts';
import {
  NO_DEPLOYMENTS,
  type Tally,
  together,
  withCounted,
} from '../../../functions/domain/deployment/tally.ts';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import { readMetrics } from '../../../functions/use-cases/deployments/metrics.ts';
import { rollUpDeployments } from '../../../functions/use-cases/deployments/roll-up.ts';
import { deployment } from '../../ports/samples.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { meter } from '../../support/metered.ts';
import { tableStores } from '../../support/replayed-table.ts';

const TENANT = 'acme';
const BOUNDS = { most: 1_000, milliseconds: 60_000 };
const FIRST = '2025-12-02';
const NOW = '2026-03-01T12:00:00.000Z';
const VIEWER: Principal = {
  tenant: TENANT,
  subject: 'viewer',
  email: 'viewer@acme.com',
  kind: 'person',
  groups: [],
  grants: [{ role: 'viewer' }],
};

describe.skipIf(skipWithoutEngine())('metrics of a long history, on the table', () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startEngine();
  });
  afterEach(() => engine.stop());

  it('of 100,000 deployments in 90 days take at most 50 reads', async () => {
    const stores = tableStores(engine.table, () => NOW);
    const put = async (write: Write) =>
      expect(await stores.transactions.commit(TENANT, [write])).toEqual({ committed: true });
    for (const item of DEFAULT_PIPELINE(NOW)) {
      await put({ write: 'catalog', entry: { type: 'environment', item }, expected: 0 });
    }
    for (let day = 0; day < 90; day += 1) {
      const kinds = { artifact: busyDay(day) };
      const roll_up: RollUp = {
        scope: { environment: 'staging' },
        day: after(FIRST, day),
        kinds,
        version: 1,
      };
      await put({ write: 'roll_up', roll_up, expected: 0 });
    }
    const metered = meter(engine.table);
    const found = await readMetrics(
      { ...stores, clock: { now: () => NOW } },
      { principal: VIEWER, environment: 'staging', from: FIRST, to: '2026-03-01', interval: 'month' },
    );
    if (isRefusal(found)) throw new Error(found.detail);
    const [staging] = found.environments;
    expect(staging?.measures).toMatchObject({ deployments: 99_990, change_lead_time: { count: 99_990 } });
    expect(staging?.series.map(({ measures }) => measures.deployments)).toEqual([
      33_330, 34_441, 31_108, 1_111,
    ]);
    expect(metered.calls).toBeLessThanOrEqual(4);
    expect(metered.readUnits).toBeLessThanOrEqual(50);
  });

  it('take in a deployment for 12 write units and 30 read units, 16 of them of the sweep, however many others its subject had elsewhere', async () => {
    const stores = tableStores(engine.table, () => NOW);
    const deps = { ...stores, clock: { now: () => NOW } };
    const put = async (
      id: string,
      minute: number,
      environment: string,
      changes: Partial<Deployment> = {},
    ) => {
      const at = `2026-03-01T11:${String(minute).padStart(2, '0')}:00.000Z`;
      const times = { deployed_at: at, completed_at: at, live_at: at, created_at: at };
      const commits = [{ sha: id, committed_at: '2026-03-01T10:45:00.000Z' }];
      const told = { environment, ...times, details: { commits }, ...changes };
      await stores.transactions.commit(TENANT, [
        { write: 'deployment', deployment: deployment(id, 1, told), expected: 0 },
      ]);
    };
    await put('first', 0, 'production', { status: 'FAILED' });
    await rollUpDeployments(deps, BOUNDS);
    const counted = { status: 'DEPLOYED', live: true, recoveries: [] } as const;
    for (let each = 0; each < 200; each += 1)
      await put(`dev-${each}`, 1 + (each % 50), 'development', { counted });
    await put('next', 55, 'production');
    const metered = meter(engine.table);
    expect(await rollUpDeployments(deps, BOUNDS)).toMatchObject({ counted: 1 });
    const { counted: next } = (await stores.deployments.read(TENANT, 'next')) ?? {};
    expect(next).toMatchObject({ lead: 4_200, recoveries: [3_300] });
    expect(metered.writeUnits).toBeLessThanOrEqual(12);
    expect(metered.readUnits).toBeLessThanOrEqual(30);
  });
});

/** 1,111 deployments that take up to an hour, of commits up to a week old. */
function busyDay(day: number): Tally {
  const one = (at: number): Counted => {
    const mixed = scattered(day * 1_111 + at);
    return {
      status: at % 10 === 0 ? 'FAILED' : 'DEPLOYED',
      live: true,
      duration: mixed % 3_600,
      lead: mixed % 604_800,
      unplanned: at % 7 === 0,
      recoveries: [],
    };
  };
  return together(Array.from({ length: 1_111 }, (_, at) => withCounted(NO_DEPLOYMENTS, one(at), 1)));
}

/** A number that looks drawn, the same in each run: the finalizer of MurmurHash3. */
function scattered(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
