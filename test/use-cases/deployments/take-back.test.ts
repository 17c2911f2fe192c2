import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deployment } from '../../../functions/domain/deployment/deployment.ts';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { autoPromotionFacts } from '../../../functions/domain/policy/auto-promotion.ts';
import { claim } from '../../../functions/domain/promotion/head.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment, type StatusReport } from '../../../functions/use-cases/deployments/report.ts';
import { contentDigest, type DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { CI, createWorld, DEV, STORES, T0, TENANT, type World } from './world.ts';

const AGENT = { kind: 'agent', name: 'agent-123' } as const;
const sample: Deployment = {
  id: 'dep-1',
  subject: AGENT,
  digest: contentDigest(
    { id: 'dep-1', subject: AGENT, environment: 'development', status: 'DEPLOYED', details: {} },
    'dep-1',
  ),
  environment: 'development',
  status: 'DEPLOYED',
  deployed_at: T0,
  recorded: true,
  recorded_by: { subject: 'ci', email: '', kind: 'machine' },
  metrics: {},
  details: {},
  created_at: T0,
  version: 1,
};
const SLOT = { subject: AGENT, environment: 'development', gateway: 'gw-dev' };

describe.each(STORES)('taking a recorded deployment back, on $name', ({ open }) => {
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
  const stored = (id = 'dep-1') => world.deps.deployments.read(TENANT, id);
  const head = () => world.deps.heads.read(TENANT, SLOT);

  describe.each(['ROLLED_BACK', 'FAILED'] as const)('of the active one, %s', (status) => {
    it('leaves nothing active where nothing was before it, and holds automatic promotion to there', async () => {
      const { digest } = await record({ status: 'DEPLOYED' });
      const live = await stored();
      world.advance('PT1H');
      expect(await report({ status })).toMatchObject({
        status,
        live_at: live?.live_at,
        completed_at: live?.completed_at,
      });
      expect(await head()).toMatchObject({ digest: null, revision: 2 });
      expect((await head())?.deployment_id).toBeUndefined();
      const [newest] = (await world.deps.heads.revisions(TENANT, SLOT, { limit: 1 })).items;
      expect(newest).toMatchObject({
        number: 2,
        digest: null,
        previous: digest,
        cause: { by: 'record', deployment_id: 'dep-1' },
      });
      expect(await world.deps.promotions.onHold(TENANT, AGENT, 'development')).toBeDefined();
      expect(await world.deps.promotions.onHold(TENANT, AGENT, 'staging')).toBeUndefined();
      expect(world.published.map(({ type }) => type)).toContain('dev.cdevents.service.rolledback.0.3.0');
    });

    it('makes the newest earlier one active that is still DEPLOYED, and its time begin anew', async () => {
      for (const id of ['dep-1', 'dep-2', 'dep-3']) {
        await record({ id, status: 'DEPLOYED', version_label: id });
        world.advance('PT1H');
      }
      await report({ status }, DEV, 'dep-2');
      expect(await head()).toMatchObject({ deployment_id: 'dep-3', revision: 3 });
      await report({ status }, DEV, 'dep-3');
      const first = await stored('dep-1');
      expect(first).toMatchObject({ status: 'DEPLOYED', live_at: T0, resumed_at: world.now });
      expect(await head()).toMatchObject({ digest: first?.digest, deployment_id: 'dep-1', revision: 4 });
      expect(await report({ status }, DEV, 'dep-3')).toMatchObject({ status });
      expect(await head()).toMatchObject({ revision: 4 });
    });

    it('finds the earlier one behind more than a page of others', async () => {
      await record({ id: 'dep-0', status: 'DEPLOYED', version_label: 'v0' });
      const others = Array.from({ length: 14 }, (_, at) => `dep-${at + 1}`);
      for (const id of others) await record({ id, status: 'DEPLOYED', version_label: id });
      for (const id of others) await report({ status }, DEV, id);
      expect(await head()).toMatchObject({ deployment_id: 'dep-0', revision: 16 });
    });

    it('is told once when it comes many times at once', async () => {
      await record({ id: 'dep-0', status: 'DEPLOYED', version_label: 'v0' });
      await record({ status: 'DEPLOYED' });
      const all = await Promise.all(Array.from({ length: 8 }, () => report({ status })));
      expect(all.filter(isRefusal)).toEqual([]);
      expect(await head()).toMatchObject({ deployment_id: 'dep-0', revision: 3 });
    });

    it('never leaves a taken back one active, whoever is first', async () => {
      for (const id of ['dep-0', 'dep-1', 'dep-2']) {
        await record({ id, status: 'DEPLOYED', version_label: id });
      }
      await Promise.all([report({ status }, DEV, 'dep-1'), report({ status }, DEV, 'dep-2')]);
      expect(await head()).toMatchObject({ deployment_id: 'dep-0' });
      expect(await stored('dep-0')).toMatchObject({ status: 'DEPLOYED' });
    });

    it('waits for a promotion that holds the head, unless another is active', async () => {
      await record({ id: 'dep-0', status: 'DEPLOYED', version_label: 'v0' });
      await record({ status: 'DEPLOYED' });
      const held = await head();
      if (held === undefined) throw new Error('no head');
      await world.commit({ write: 'head', head: claim(held, 'prom-1', T0), expected: held.version });
      expect(await report({ status })).toMatchObject({ refused: 'conflict' });
      expect(await report({ status }, DEV, 'dep-0')).toMatchObject({ status });
    });

    it('does not open a protected environment to others than its recorder', async () => {
      const production = { environment: 'production', gateway_id: 'gw-prod' };
      await record({ ...production, status: 'DEPLOYED' }, CI);
      expect(await report({ status }, CI)).toMatchObject({ status });
      const again = { id: 'dep-9', subject: AGENT, status: 'DEPLOYED', details: {} } as const;
      expect(
        await recordDeployment(world.deps, { principal: DEV, report: { ...again, ...production } }),
      ).toMatchObject({ refused: 'protected' });
      await record({ ...production, id: 'dep-9', status: 'DEPLOYED' }, CI);
    });
  });

  it('counts the hours of one that is active again from then', () => {
    const live = { ...sample, live_at: T0, resumed_at: '2026-03-01T12:00:00.000Z' };
    expect(autoPromotionFacts(live, '2026-03-01T15:00:00.000Z')['deployment']).toMatchObject({
      duration_hours: 3,
    });
  });
});
