import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { type Metrics, measureDeployment } from '../../../functions/use-cases/deployments/measure.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { CI, createWorld, DEV, person, STORES, TENANT, type World } from './world.ts';

describe.each(STORES)('metrics of a deployment, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
    await record('dep-456', 'development');
  });
  afterEach(() => opened.stop());

  async function record(id: string, environment: string, principal: Principal = DEV): Promise<void> {
    const recorded = await recordDeployment(world.deps, {
      principal,
      report: {
        id,
        subject: { kind: 'agent', name: 'agent-123' },
        environment,
        status: 'DEPLOYED',
        details: {},
      },
    });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
  }
  const measure = async (
    metrics: Metrics,
    principal: Principal = DEV,
    id = 'dep-456',
  ): Promise<Deployment> => {
    const measured = await measureDeployment(world.deps, { principal, id, metrics });
    if (isRefusal(measured)) throw new Error(measured.detail);
    return measured;
  };

  it('are merged: named ones replaced, others kept, and bound to that deployment alone', async () => {
    await record('dep-457', 'development');
    await measure({ tests: { pass_rate: 99, suites: 3 } });
    const measured = await measure({ tests: { pass_rate: 100 }, metrics: { error_rate: 0.01 } }, CI);
    expect(measured.metrics).toEqual({
      tests: { pass_rate: 100, suites: 3 },
      metrics: { error_rate: 0.01 },
    });
    expect(measured).toMatchObject({ version: 3, reported_by: { subject: 'mach-ci' } });
    expect(await world.deps.deployments.read(TENANT, 'dep-456')).toEqual(measured);
    expect(await world.deps.deployments.read(TENANT, 'dep-457')).toMatchObject({ metrics: {} });
  });

  it('lose nothing when many arrive at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, n) => measure({ metrics: { [`m${n}`]: n } })));
    const stored = await world.deps.deployments.read(TENANT, 'dep-456');
    expect(Object.keys(Object(stored?.metrics['metrics']))).toHaveLength(10);
    expect(stored?.version).toBe(11);
  });

  it('are told to whoever listens, and a bus that is away loses nothing but the hint', async () => {
    world.published.length = 0;
    await measure({ tests: { pass_rate: 100 } });
    expect(world.published).toMatchObject([
      {
        type: 'dev.cdeventsx.sluice-deployment.measured.0.1.0',
        subject: 'dep-456',
        data: { customData: { tenant: TENANT, deployment_id: 'dep-456' } },
      },
    ]);
    const away = { publish: () => Promise.reject(new Fault('Unavailable', 'the bus is away')) };
    const measured = await measureDeployment(
      { ...world.deps, bus: away },
      { principal: DEV, id: 'dep-456', metrics: { tests: { pass_rate: 50 } } },
    );
    expect(measured).toMatchObject({ metrics: { tests: { pass_rate: 50 } } });
    expect(await world.deps.deployments.read(TENANT, 'dep-456')).toEqual(measured);
  });

  it('are refused of an unknown deployment, from who may not, and in a protected environment', async () => {
    const refusal = async (principal: Principal, id: string) =>
      measureDeployment(world.deps, { principal, id, metrics: { tests: { pass_rate: 1 } } });
    await record('dep-prod', 'production');
    expect(await refusal(DEV, 'dep-none')).toMatchObject({ refused: 'not_found' });
    expect(await refusal(DEV, 'dep#none')).toMatchObject({ refused: 'not_found' });
    expect(await refusal({ ...DEV, tenant: 'globex' }, 'dep-456')).toMatchObject({ refused: 'not_found' });
    expect(await refusal(person('eve', 'approver'), 'dep-456')).toMatchObject({ refused: 'not_authorized' });
    expect(await refusal(DEV, 'dep-prod')).toMatchObject({ refused: 'protected' });
    await measure({ tests: { pass_rate: 1 } }, CI, 'dep-prod');
  });

  it('are at most 100 names in a group', async () => {
    const names = (from: number) =>
      Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`n${from + n}`, n]));
    await measure({ metrics: names(0) });
    const more = await measureDeployment(world.deps, {
      principal: DEV,
      id: 'dep-456',
      metrics: { metrics: names(60) },
    });
    expect(more).toMatchObject({ refused: 'invalid_request', data: { field: 'metrics' } });
    await measure({ metrics: names(0) });
  });
});
