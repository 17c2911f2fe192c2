import { beforeEach, expect, it } from 'vitest';
import type { Answer } from './event.ts';
import { admin, alice, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

const CONFIGS = '/api/v1/config/promotions';

beforeEach(stagedWorld);

type Json = Answer['body'];

const camel = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The same with the names of all fields in camelCase. */
function inCamelCase(value: Json): Json {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [camel(name), inCamelCase(each)]));
}

/** Whatever the one address says of a promotion, the other says too. */
async function saysTheSame(id: string, status: string): Promise<void> {
  const [one, other] = await Promise.all([dev('GET', `${path}/${id}`), dev('GET', `${CONFIGS}/${id}`)]);
  expect(one).toMatchObject({ status: 200, body: { status } });
  expect(other.body).toMatchObject(inCamelCase(one.body));
}

it('a promotion of an agent says the same at both addresses, whatever its status', async () => {
  const id = await requested();
  await saysTheSame(id, 'pending');
  await alice('POST', `${path}/${id}/approve`, { comment: 'fine' });
  await saysTheSame(id, 'approved');
  const at = '2026-11-22T09:00:00Z';
  await dev('POST', `${path}/${id}/schedule`, { at });
  await saysTheSame(id, 'scheduled');
  await dev('DELETE', `${path}/${id}/schedule`);
  await dev('POST', `${path}/${id}/execute`);
  await world.run(id);
  await saysTheSame(id, 'completed');
});

it('a promotion of configuration says the same at both addresses, whatever its status', async () => {
  const configured = (value: number) =>
    admin('PUT', '/api/v1/config/environments/staging/configs/limit', { value, reason: 'test' });
  const asked = { sourceEnvironment: 'staging', targetEnvironment: 'production', promotionType: 'FULL' };
  await configured(1);
  const { id } = (await dev('POST', CONFIGS, asked)).body;
  await saysTheSame(id, 'pending');
  await alice('POST', `${CONFIGS}/${id}/request-changes`, { reason: 'another value' });
  await saysTheSame(id, 'pending');
  await dev('POST', `${CONFIGS}/${id}/resubmit`, {});
  await alice('POST', `${CONFIGS}/${id}/approve`);
  await dev('POST', `${CONFIGS}/${id}/execute`);
  await world.run(id);
  await saysTheSame(id, 'completed');
  const back = (await dev('POST', `${CONFIGS}/${id}/rollback`, { reason: 'wrong', acknowledgeRisk: true }))
    .body;
  await saysTheSame(back.id, 'pending');
  await alice('POST', `${CONFIGS}/${back.id}/reject`, { reason: 'leave it' });
  await saysTheSame(back.id, 'rejected');
});
