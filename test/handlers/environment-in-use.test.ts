import { beforeEach, expect, it } from 'vitest';
import { createWorld, type World } from './api-world.ts';

const CONFIGS = '/api/v1/config/promotions';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});

it('an environment is not deleted under an open promotion, and the answer names it', async () => {
  const [dev, admin] = [world.as('dev'), world.as('admin')];
  await admin('POST', '/api/v1/environments', { name: 'canary', rank: 9 });
  await admin('PUT', '/api/v1/config/environments/production/configs/limit', { value: 1, reason: 'test' });
  const asked = await dev('POST', CONFIGS, {
    sourceEnvironment: 'production',
    targetEnvironment: 'canary',
    promotionType: 'FULL',
  });
  expect(asked, JSON.stringify(asked.body)).toMatchObject({ status: 201 });
  const { id } = asked.body;
  expect(await admin('DELETE', '/api/v1/environments/canary')).toMatchObject({
    status: 409,
    body: { code: 'in_use', promotion_ids: [id] },
  });
  await dev('DELETE', `${CONFIGS}/${id}`);
  expect((await admin('DELETE', '/api/v1/environments/canary')).status).toBeLessThan(300);
});
