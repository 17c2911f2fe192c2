import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_DEPLOYMENTS, type Tally } from '../../../functions/domain/deployment/tally.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment } from '../../../functions/use-cases/deployments/report.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { rollUpDeployments } from '../../../functions/use-cases/deployments/roll-up.ts';
import { CI, createWorld, STORES, TENANT, type World } from './world.ts';

const PLATFORM = { kind: 'artifact', name: 'platform' } as const;
const BOUNDS = { most: 1_000, milliseconds: 60_000 };
const DAY = '2026-03-01';

describe.each(STORES)('counting deployments by day, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
  });
  afterEach(() => opened.stop());

  async function record(id: string, minute: number, more: Partial<DeploymentReport> = {}) {
    const at = `${DAY}T08:${String(minute).padStart(2, '0')}:00.000Z`;
    const { status = 'DEPLOYED' } = more;
    const times = { deployed_at: at, completed_at: at, ...(status === 'DEPLOYED' ? { live_at: at } : {}) };
    const report = { id, subject: PLATFORM, environment: 'staging', status, ...times, details: {}, ...more };
    const recorded = await recordDeployment(world.deps, { principal: CI, report });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
  }
  async function count(deps: World['deps'] = world.deps) {
    world.advance('PT1M');
    return await rollUpDeployments(deps, BOUNDS);
  }
  const sums = async (): Promise<Tally> => {
    const whole = await world.deps.rollUps.read(TENANT, { environment: 'staging' }, DAY);
    const one = await world.deps.rollUps.read(TENANT, { environment: 'staging', subject: PLATFORM }, DAY);
    expect(one?.kinds).toEqual(whole?.kinds);
    return whole?.kinds.artifact ?? NO_DEPLOYMENTS;
  };

  it('counts each once, whether it runs twice or twice at once', async () => {
    const ids = Array.from({ length: 23 }, (_, at) => `dep-${at}`);
    for (const [at, id] of ids.entries()) await record(id, at);
    await Promise.all([count(), count()]);
    await count();
    expect(await count()).toEqual({ counted: 0, faults: [], unfinished: false });
    expect(await sums()).toMatchObject({ deployed: 23, duration: [[0, 23]], lead_unknown: 23 });
  });

  it('counts what is PENDING only once its outcome is known, and what it becomes then', async () => {
    await record('dep-1', 1, { status: 'PENDING', completed_at: undefined } as never);
    expect(await count()).toMatchObject({ counted: 0 });
    await reportDeployment(world.deps, { principal: CI, id: 'dep-1', report: { status: 'DEPLOYED' } });
    await count();
    expect(await sums()).toMatchObject({ deployed: 1, failed: 0 });
    await reportDeployment(world.deps, { principal: CI, id: 'dep-1', report: { status: 'FAILED' } });
    await count();
    expect(await sums()).toMatchObject({ deployed: 0, failed: 1 });
  });

  it('gives a recovery to the deployment that came first after the failure, in whatever order they are told', async () => {
    await record('dep-1', 10, { status: 'FAILED' });
    await record('dep-4', 40);
    await count();
    expect(await sums()).toMatchObject({ failed: 1, recovery: [[1_800, 1]] });
    await record('dep-2', 20);
    await count();
    expect(await sums()).toMatchObject({ deployed: 2, recovery: [[600, 1]] });
    await record('dep-3', 30, { status: 'ROLLED_BACK' });
    await count();
    expect(await sums()).toMatchObject({ rolled_back: 1, recovery: [[600, 2]] });
  });

  it('counts a failure in one environment as mended by a deployment there only', async () => {
    await record('dep-1', 10, { status: 'FAILED' });
    await record('dep-2', 20, { environment: 'development' });
    await record('dep-3', 25, { subject: { kind: 'artifact', name: 'other' } });
    await count();
    const whole = await world.deps.rollUps.read(TENANT, { environment: 'staging' }, DAY);
    expect(whole?.kinds.artifact).toMatchObject({ failed: 1, deployed: 1, recovery: [] });
  });

  it('is not stopped by one that cannot be read, and leaves it for later', async () => {
    for (const at of [1, 2, 3]) await record(`dep-${at}`, at);
    const { deployments } = world.deps;
    const read: typeof deployments.read = async (tenant, id) => {
      if (id === 'dep-2') throw new Fault('Corrupt', 'unreadable');
      return await deployments.read(tenant, id);
    };
    const poisoned = { ...world.deps, deployments: { ...deployments, read } };
    expect(await count(poisoned)).toMatchObject({ counted: 2, faults: [{ tenant: TENANT }] });
    expect(await count()).toMatchObject({ counted: 1, faults: [] });
    expect(await sums()).toMatchObject({ deployed: 3 });
  });

  it('loses to a report at the same moment, and counts what was reported', async () => {
    await record('dep-1', 1);
    const { transactions } = world.deps;
    let raced = false;
    const racing: World['deps'] = {
      ...world.deps,
      transactions: {
        commit: async (tenant, writes) => {
          if (!raced) {
            raced = true;
            await reportDeployment(world.deps, {
              principal: CI,
              id: 'dep-1',
              report: { status: 'ROLLED_BACK' },
            });
          }
          return await transactions.commit(tenant, writes);
        },
      },
    };
    expect(await count(racing)).toMatchObject({ counted: 0 });
    await count();
    expect(await sums()).toMatchObject({ deployed: 0, rolled_back: 1 });
  });
});
