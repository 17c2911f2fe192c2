import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { claim } from '../../../functions/domain/promotion/head.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { eachOn, head, record, refused, report, slot, world } from './record-world.ts';
import { CI, DEV, machine, person, protectedMeanwhile, STORES, T0, TENANT } from './world.ts';

describe.each(STORES)('recording a deployment, on $name', ({ open }) => {
  eachOn(open);

  describe('a protected environment', () => {
    const production = { environment: 'production', gateway_id: 'gw-789' };

    it('takes a first recording from a developer, and from then on only from recording machines', async () => {
      await record({ ...production, id: 'dep-1' });
      const before = await head(slot('production', 'gw-789'));
      expect(await refused({ ...production, id: 'dep-2' })).toMatchObject({ refused: 'protected' });
      expect(await refused({ ...production, id: 'dep-2' }, person('rec', 'recorder'))).toMatchObject({
        refused: 'protected',
      });
      expect(await refused({ ...production, id: 'dep-2' }, machine('m', 'developer'))).toMatchObject({
        refused: 'protected',
      });
      expect(await refused({ ...production, id: 'dep-2', status: 'PENDING' })).toMatchObject({
        refused: 'protected',
      });
      expect(await head(slot('production', 'gw-789'))).toEqual(before);
      expect(await world.deps.deployments.read(TENANT, 'dep-2')).toBeUndefined();
      await record({ ...production, id: 'dep-2' }, CI);
      expect(await head(slot('production', 'gw-789'))).toMatchObject({ deployment_id: 'dep-2' });
    });

    it('is seen as it is when it becomes protected at the same moment', async () => {
      await record({ id: 'dep-1', environment: 'staging' });
      const late = await recordDeployment(await protectedMeanwhile(world, 'staging'), {
        principal: DEV,
        report: report({ id: 'dep-2', environment: 'staging' }),
      });
      expect(late).toMatchObject({ refused: 'protected' });
    });
  });

  it('refuses somebody without the role, and keeps a record of that', async () => {
    expect(await refused({}, person('eve', 'approver'))).toMatchObject({
      refused: 'not_authorized',
      data: { required: ['developer', 'recorder'] },
    });
    const elsewhere: Principal = {
      ...person('eve'),
      grants: [{ role: 'developer', environment: 'staging' }],
    };
    expect(await refused({}, elsewhere)).toMatchObject({ refused: 'not_authorized' });
    const denials = await world.deps.denials.list(TENANT, { limit: 10 });
    expect(denials.items).toMatchObject([{ code: 'not_authorized', action: 'record_deployment' }]);
  });

  it('refuses while a promotion holds the head', async () => {
    await record({ id: 'dep-1' });
    const held = await head();
    if (held === undefined) throw new Error('no head');
    await world.commit({ write: 'head', head: claim(held, 'prom-1', T0), expected: held.version });
    expect(await refused({ id: 'dep-2' })).toMatchObject({
      refused: 'conflict',
      data: { promotion_id: 'prom-1' },
    });
    await record({ id: 'dep-3', status: 'PENDING' });
  });

  it('refuses a gateway of another environment, and accepts one that Sluice does not know', async () => {
    await world.gateway('gw-stg', 'staging');
    expect(await refused({ gateway_id: 'gw-stg' })).toMatchObject({
      refused: 'invalid_request',
      data: { field: 'gateway_id' },
    });
    await record({ gateway_id: 'gw-somewhere' });
  });

  it.each(['current', 'history', 'Metrics'])('refuses the word %s as an id', async (id) => {
    expect(await refused({ id })).toMatchObject({ refused: 'reserved_name' });
  });

  it('refuses an id outside the grammar', async () => {
    expect(await refused({ id: 'a#b' })).toMatchObject({ refused: 'invalid_request', data: { field: 'id' } });
  });

  describe('times', () => {
    const hourAgo = '2026-03-01T08:00:00.000Z';

    it('are now where nothing is said', async () => {
      expect((await record({ status: 'PENDING' })).deployment).not.toHaveProperty('completed_at');
    });

    it('may be dated back by recording machines and admins, not by anybody else', async () => {
      expect(await refused({ live_at: hourAgo })).toMatchObject({
        refused: 'not_authorized',
        data: { field: 'live_at' },
      });
      expect(await refused({ live_at: hourAgo }, machine('m', 'developer'))).toMatchObject({
        refused: 'not_authorized',
      });
      const byMachine = await record({ id: 'dep-1', live_at: hourAgo }, CI);
      expect(byMachine.deployment).toMatchObject({ live_at: hourAgo, deployed_at: hourAgo });
      const byAdmin = await record({ id: 'dep-2', live_at: hourAgo }, person('root', 'admin', 'developer'));
      expect(byAdmin.deployment).toMatchObject({ live_at: hourAgo });
      await record({ id: 'dep-3', deployed_at: hourAgo, completed_at: hourAgo });
    });

    it.each(['deployed_at', 'completed_at', 'live_at'] as const)(
      'never lie in the future: %s',
      async (field) => {
        expect(await refused({ [field]: '2026-03-01T09:01:00.000Z' }, CI)).toMatchObject({
          refused: 'invalid_request',
          data: { field },
        });
      },
    );

    it('forgive a clock that runs a little ahead, and take now for it', async () => {
      const { deployment } = await record({ live_at: '2026-03-01T09:00:03.000Z' });
      expect(deployment.live_at).toBe(T0);
    });

    it.each([
      ['completed_at', { deployed_at: hourAgo, completed_at: '2026-03-01T07:00:00.000Z' }],
      ['live_at', { deployed_at: hourAgo, live_at: '2026-03-01T07:00:00.000Z' }],
      ['completed_at', { status: 'PENDING', completed_at: hourAgo }],
      ['live_at', { status: 'PENDING', live_at: hourAgo }],
      ['live_at', { status: 'FAILED', live_at: hourAgo }],
    ] satisfies [string, Partial<DeploymentReport>][])(
      'refuses a %s that contradicts the rest',
      async (field, more) => {
        expect(await refused(more, CI)).toMatchObject({ refused: 'invalid_request', data: { field } });
      },
    );
  });
});
