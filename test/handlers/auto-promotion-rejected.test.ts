import { beforeEach, expect, it } from 'vitest';
import { autoPromote } from '../../functions/use-cases/auto-promotion/promote.ts';
import { ACME } from './api-world.ts';
import { admin, alice, dev, path, recorded, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

it('what a person rejected is not promoted by itself again, and the check of the deployment says so', async () => {
  const rule = {
    name: 'production',
    source_environment: 'staging',
    target_environment: 'production',
    ...{ auto_promote: true, reason: 'by itself' },
  };
  expect((await admin('POST', '/api/v1/promotions/rules', rule)).status).toBe(201);
  const check = async (id = 'dep-456') => (await dev('GET', `/api/v1/deployments/${id}/auto-promotion`)).body;
  expect(await check()).toMatchObject({ should_promote: true });

  const hint = { tenant: ACME, deployment_id: 'dep-456' };
  const [{ promotion_id } = { promotion_id: '' }] = await autoPromote(world.deps, hint);
  expect(await check()).toMatchObject({ should_promote: false, reason: 'already_attempted' });
  const rejected = await alice('POST', `${path}/${promotion_id}/reject`, { reason: 'not this one' });
  expect(rejected.status).toBe(200);
  expect(await check()).toMatchObject({ should_promote: false, reason: 'rejected' });

  // Nor is the agent's next deployment, until a person has promoted it.
  await recorded('dep-457', 'staging');
  expect(await check('dep-457')).toMatchObject({ should_promote: false, reason: 'rejected' });
});
