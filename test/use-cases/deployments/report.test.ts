import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { claim } from '../../../functions/domain/promotion/head.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment, type StatusReport } from '../../../functions/use-cases/deployments/report.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import {
  CI,
  createWorld,
  DEV,
  machine,
  person,
  protectedMeanwhile,
  STORES,
  T0,
  TENANT,
  type World,
} from './world.ts';

const AGENT = { kind: 'agent', name: 'agent-123' } as const;
const SLOT = { subject: AGENT, environment: 'development', gateway: 'gw-dev' };

describe.each(STORES)('reporting what became of a recorded deployment, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
  });
  afterEach(() => opened.stop());

  async function record(
    more: Partial<DeploymentReport> = {},
    principal: Principal = DEV,
  ): Promise<Deployment> {
    const recorded = await recordDeployment(world.deps, {
      principal,
      report: {
        id: 'dep-1',
        subject: AGENT,
        environment: 'development',
        gateway_id: 'gw-dev',
        status: 'PENDING',
        details: {},
        ...more,
      },
    });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
    return recorded.deployment;
  }
  const report = (given: StatusReport, principal: Principal = DEV, id = 'dep-1') =>
    reportDeployment(world.deps, { principal, id, report: given });
  const again = (status: DeploymentReport['status']) => ({
    principal: DEV,
    report: {
      id: 'dep-1',
      subject: AGENT,
      environment: 'development',
      gateway_id: 'gw-dev',
      status,
      details: {},
    },
  });
  const stored = (id = 'dep-1') => world.deps.deployments.read(TENANT, id);
  const head = () => world.deps.heads.read(TENANT, SLOT);

  it('makes a PENDING one live: head, revision and record at once, and tells', async () => {
    const { digest } = await record();
    world.advance('PT5M');
    expect(await head()).toBeUndefined();
    const live = await report({ status: 'DEPLOYED', notes: 'took a while' });
    expect(live).toMatchObject({
      status: 'DEPLOYED',
      deployed_at: T0,
      completed_at: world.now,
      live_at: world.now,
      details: { notes: 'took a while' },
      reported_by: { subject: 'dev' },
      version: 2,
    });
    expect(await stored()).toEqual(live);
    expect(await head()).toMatchObject({ digest, deployment_id: 'dep-1', revision: 1 });
    expect(world.published.map(({ type }) => type)).toEqual(['dev.cdevents.service.deployed.0.3.0']);
  });

  it('takes its times from the report, where they are possible', async () => {
    await record({ deployed_at: '2026-03-01T08:00:00.000Z' });
    world.advance('PT1H');
    const early = { status: 'DEPLOYED', live_at: '2026-03-01T09:00:00.000Z' } as const;
    expect(await report(early)).toMatchObject({ refused: 'not_authorized' });
    expect(await report({ status: 'DEPLOYED', completed_at: '2026-03-01T07:00:00.000Z' })).toMatchObject({
      refused: 'invalid_request',
      data: { field: 'completed_at' },
    });
    expect(await report({ status: 'DEPLOYED', live_at: '2026-03-01T11:00:00.000Z' }, CI)).toMatchObject({
      refused: 'invalid_request',
    });
    expect(await report(early, CI)).toMatchObject({ status: 'DEPLOYED', live_at: early.live_at });
  });

  it('leaves the head alone when it failed', async () => {
    await record({ id: 'dep-0', status: 'DEPLOYED' });
    const before = await head();
    await record();
    expect(await report({ status: 'FAILED' })).toMatchObject({ status: 'FAILED', completed_at: T0 });
    expect(await head()).toEqual(before);
  });

  it.each([
    ['PENDING', 'ROLLED_BACK'],
    ['DEPLOYED', 'PENDING'],
    ['FAILED', 'DEPLOYED'],
    ['FAILED', 'ROLLED_BACK'],
    ['FAILED', 'PENDING'],
    ['ROLLED_BACK', 'DEPLOYED'],
    ['ROLLED_BACK', 'FAILED'],
    ['ROLLED_BACK', 'PENDING'],
  ] as const)('does not make a %s one %s', async (from, to) => {
    await record({ status: from });
    const before = await stored();
    expect(await report({ status: to })).toMatchObject({
      refused: 'invalid_transition',
      data: { from, to },
    });
    expect(await stored()).toEqual(before);
  });

  it.each(['PENDING', 'DEPLOYED', 'FAILED', 'ROLLED_BACK'] as const)(
    'takes %s twice as once',
    async (status) => {
      await record({ status });
      const before = await stored();
      expect(await report({ status })).toEqual(before);
      expect(await report({ status, notes: 'more' })).toMatchObject({ status, details: { notes: 'more' } });
      expect((await world.deps.heads.revisions(TENANT, SLOT, { limit: 10 })).items).toHaveLength(
        status === 'DEPLOYED' ? 1 : 0,
      );
      expect(await recordDeployment(world.deps, again(status))).toMatchObject({ created: false });
    },
  );

  it('makes it live once when the report comes many times at once', async () => {
    await record();
    const all = await Promise.all(Array.from({ length: 8 }, () => report({ status: 'DEPLOYED' })));
    expect(all.filter(isRefusal)).toEqual([]);
    expect((await world.deps.heads.revisions(TENANT, SLOT, { limit: 10 })).items).toHaveLength(1);
  });

  it('waits for a promotion that holds the head', async () => {
    await record({ id: 'dep-0', status: 'DEPLOYED' });
    await record();
    const held = await head();
    if (held === undefined) throw new Error('no head');
    await world.commit({ write: 'head', head: claim(held, 'prom-1', T0), expected: held.version });
    expect(await report({ status: 'DEPLOYED' })).toMatchObject({ refused: 'conflict' });
    expect(await report({ status: 'FAILED' })).toMatchObject({ status: 'FAILED' });
  });

  it('keeps to the rules of a protected environment', async () => {
    const production = { environment: 'production', gateway_id: 'gw-prod' };
    await record({ ...production, id: 'dep-0' }, DEV);
    await record({ ...production, id: 'dep-1', status: 'DEPLOYED' }, CI);
    for (const status of ['DEPLOYED', 'FAILED'] as const) {
      expect(await report({ status }, DEV, 'dep-0')).toMatchObject({ refused: 'protected' });
    }
    expect(await report({ status: 'ROLLED_BACK' }, DEV)).toMatchObject({ refused: 'protected' });
    expect(await report({ status: 'DEPLOYED' }, CI, 'dep-0')).toMatchObject({ status: 'DEPLOYED' });
  });

  it('sees an environment as it is when it becomes protected at the same moment', async () => {
    await record({ environment: 'staging', gateway_id: 'gw-stg' });
    expect(await report({ status: 'DEPLOYED' })).toMatchObject({ status: 'DEPLOYED' });
    const racing = await protectedMeanwhile(world, 'staging');
    const input = { principal: DEV, id: 'dep-1', report: { status: 'ROLLED_BACK' } } as const;
    expect(await reportDeployment(racing, input)).toMatchObject({ refused: 'protected' });
  });

  it('refuses who may not, and knows no foreign and no unknown deployment', async () => {
    await record();
    expect(await report({ status: 'DEPLOYED' }, person('eve', 'approver', 'admin'))).toMatchObject({
      refused: 'not_authorized',
    });
    expect(await report({ status: 'DEPLOYED' }, { ...CI, tenant: 'globex' })).toMatchObject({
      refused: 'not_found',
    });
    expect(await report({ status: 'DEPLOYED' }, CI, 'a#b')).toMatchObject({ refused: 'not_found' });
    const denials = await world.deps.denials.list(TENANT, { limit: 10 });
    expect(denials.items).toMatchObject([{ actor: { subject: 'eve' }, action: 'report_deployment' }]);
  });

  describe('by a promotion’s gateway', () => {
    const gateway = machine('mach-gw', 'recorder');
    beforeEach(async () => {
      await world.gateway('gw-http', 'staging', {
        driver: 'http',
        endpoint: 'https://gw.example/',
        principal: 'mach-gw',
      });
      await world.commit({
        write: 'deployment',
        expected: 0,
        deployment: {
          ...(await record({ id: 'dep-0' })),
          id: 'dep-1',
          environment: 'staging',
          gateway_id: 'gw-http',
          recorded: false,
          promotion_id: 'prom-1',
        },
      });
    });

    it.each([
      ['a developer', DEV],
      ['another recording machine', CI],
      ['a person with the machine’s name', person('mach-gw', 'recorder')],
      ['the machine without the role', machine('mach-gw', 'developer')],
    ])('is nobody’s to report but the gateway’s own machine: not %s', async (_, principal) => {
      for (const status of ['DEPLOYED', 'FAILED', 'ROLLED_BACK'] as const) {
        expect(await report({ status }, principal)).toMatchObject({ refused: 'not_authorized' });
      }
      expect(await stored()).toMatchObject({ status: 'PENDING', version: 1 });
    });

    it('is nobody’s when the gateway names no machine', async () => {
      await world.gateway('gw-none', 'staging');
      const deployment = await stored();
      if (deployment === undefined) throw new Error('no deployment');
      await world.commit({
        write: 'deployment',
        expected: 0,
        deployment: { ...deployment, id: 'dep-2', gateway_id: 'gw-none' },
      });
      expect(await report({ status: 'DEPLOYED' }, gateway, 'dep-2')).toMatchObject({
        refused: 'not_authorized',
      });
    });
  });
});
