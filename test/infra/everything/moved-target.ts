import { until } from '../../support/api.ts';
import { ok, type World } from './world.ts';

const PROMOTIONS = '/api/v1/config/promotions';

/**
 * Two config promotions into one target, of which one executes: from then on planning the other reads nodes of both trees.
 * Evidence, an assessment and an alarm each plan it. Answers what is still to come when time passes.
 */
export async function moveTarget(world: World): Promise<string> {
  const { dev, alice } = world;
  const first = await requestedKey(world, 'moved.a');
  const reported = await requestedKey(world, 'moved.b');
  const planned = await requestedKey(world, 'moved.c');
  for (const path of [first, planned]) await ok(alice.post(`${path}/approve`));
  await ok(dev.post(`${first}/execute`));
  await reaches(world, first, 'completed');
  const document = { passed: true };
  const evidence = `${reported}/evidence`.replace('/config/', '/');
  await ok(dev.post(evidence, { gate: 'tests', format: 'json', document }));
  await ok(dev.post(`${reported}/validate`));
  await ok(alice.post(`${reported}/approve`));
  await ok(dev.post(`${reported}/execute`));
  await reaches(world, reported, 'completed');
  const at = new Date(Date.now() + 60 * 60_000).toISOString();
  await ok(dev.post(`${planned}/schedule`, { at }));
  return planned;
}

export const reaches = ({ dev }: World, path: string, status: string) =>
  until(
    async () => (await dev.get(path)).body,
    (promotion) => promotion.status === status,
  );

async function requestedKey({ dev }: World, key: string): Promise<string> {
  await ok(dev.put(`/api/v1/config/environments/staging/configs/${key}`, { value: key }));
  const body = { targetEnvironment: 'production', promotionType: 'SELECTIVE', configIds: [key] };
  return `${PROMOTIONS}/${(await ok(dev.post(PROMOTIONS, body))).id}`;
}
