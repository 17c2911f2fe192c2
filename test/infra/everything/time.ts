import { expect } from 'vitest';
import { type Api, until } from '../../support/api.ts';
import { asked, reaches, recorded, requested } from './requests.ts';
import { ok, type World } from './world.ts';

/** A schedule that comes due, a gateway that never reports, an approval that expires. */
export async function letTimePass(world: World): Promise<void> {
  const { runtime, gateway, dev, alice, admin } = world;
  await ok(
    admin.post('/api/v1/promotions/rules', {
      name: 'an hour in development',
      source_environment: 'development',
      target_environment: 'staging',
      requires_approval: true,
      auto_promote: true,
      conditions: { all: [{ field: 'deployment.duration_hours', op: 'gte', value: 1 }] },
    }),
  );
  const aged = await recorded(world, 'a-aged', 'development');
  const scheduled = await requested(world, 'a-scheduled');
  await planned(dev, alice, scheduled);
  const ask = { targetEnvironment: 'production', promotionType: 'SELECTIVE', configIds: ['ai.new-model'] };
  const config = await ok(dev.post('/api/v1/config/promotions', ask));
  const configured = `/api/v1/config/promotions/${config.id}`;
  await planned(dev, alice, configured);
  const pending = await requested(world, 'a-pending');
  gateway.behaviour = () => 202;
  const never = await requested(world, 'a-never');
  await ok(alice.post(`${never}/approve`));
  await ok(dev.post(`${never}/execute`));
  await asked(world, 'a-never');
  for (const path of [scheduled, configured, pending]) await world.waits(path);
  gateway.behaviour = () => 200;
  await runtime.advanceClock(2 * 3_600_000);
  // The alarms alone execute what is due: the sweep, which could, has not run yet.
  for (const path of [scheduled, configured]) await reaches(world, path, 'completed');
  for (const schedule of ['sweep', 'evaluate-rules']) await runtime.runSchedule(schedule);
  await reaches(world, never, 'completed');
  await stopAndGo(world);
  await holdAndFree(world, aged);
  expect((await admin.delete('/api/v1/gateways/gw-http')).body.code).toBe('in_use');
  await runtime.advanceClock(400 * 24 * 3_600_000);
  for (const schedule of ['sweep', 'evaluate-rules']) await runtime.runSchedule(schedule);
  await reaches(world, pending, 'rejected');
}

/** A lock that stands when a time comes, and is lifted: somebody else than who lifted it executes. */
async function stopAndGo(world: World): Promise<void> {
  const { runtime, dev, alice, admin } = world;
  const path = await requested(world, 'a-stopped');
  await ok(alice.post(`${path}/approve`));
  const { created_at } = await ok(dev.get(path));
  const at = new Date(Date.parse(created_at) + 3_600_000).toISOString();
  await ok(dev.post(`${path}/schedule`, { at }));
  await world.waits(path);
  await ok(admin.post('/api/v1/environments/production/lock', { reason: 'incident' }));
  await runtime.advanceClock(3_600_000);
  await runtime.runSchedule('sweep');
  await ok(admin.post('/api/v1/environments/production/unlock', { reason: 'over' }));
  await runtime.runSchedule('sweep');
  await until(
    async () => (await dev.get(path)).body,
    ({ reason_code }) => reason_code === 'governor',
  );
  await ok(dev.post(`${path}/execute`));
  await reaches(world, path, 'completed');
}

/** A time before approval, another after it, none, and a time again. */
async function planned(dev: Api, alice: Api, path: string): Promise<void> {
  const at = (minutes: number) => ({ at: new Date(Date.now() + minutes * 60_000).toISOString() });
  await ok(dev.post(`${path}/schedule`, at(60)));
  await ok(alice.post(`${path}/approve`));
  await ok(dev.post(`${path}/schedule`, at(70)));
  await ok(dev.delete(`${path}/schedule`));
  await ok(dev.post(`${path}/schedule`, at(80)));
}

/** A person rejects what a rule had requested, which holds the rule back, and then another requests it after all. */
async function holdAndFree({ dev, alice }: World, source_deployment_id: string): Promise<void> {
  const [promotion] = await until(
    async () => (await dev.get('/api/v1/promotions?agent_id=a-aged')).body.items,
    (items) => items.length === 1,
  );
  await ok(alice.post(`/api/v1/promotions/${promotion.id}/reject`, { reason: 'not yet' }));
  const target = { target_gateway_id: 'gw-staging', target_environment: 'staging' };
  await ok(dev.post('/api/v1/promotions', { agent_id: 'a-aged', source_deployment_id, ...target }));
}
