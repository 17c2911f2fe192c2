import { until } from '../../support/api.ts';
import { listen } from '../../support/listener.ts';
import { reaches, recorded } from './requests.ts';
import { ok, TENANT, type World } from './world.ts';

/** A promotion whose gate asks its provider, which says no, and yes when somebody has it asked again. */
export async function askProvider(world: World): Promise<void> {
  const { dev, admin } = world;
  let status = 'FAILED';
  const judge = await listen((_, __, response) => response.end(JSON.stringify({ status })));
  const provider = {
    type: 'http',
    url: `http://127.0.0.1:${judge.port}/`,
    secret_ref: `sluice/${TENANT}/gate/judge`,
  };
  const gates = [{ name: 'outside', applies_to: ['agent'], provider }];
  await ok(admin.patch('/api/v1/environments/staging', { gates, reason: 'one gate' }));
  const body = {
    agent_id: 'a-judged',
    source_deployment_id: await recorded(world, 'a-judged', 'development'),
    target_gateway_id: 'gw-staging',
    target_environment: 'staging',
    execution: 'automatic',
  };
  const path = `/api/v1/promotions/${(await ok(dev.post('/api/v1/promotions', body))).id}`;
  await until(
    async () => (await dev.get(path)).body,
    ({ gates: [, outside] }) => outside.status === 'FAILED',
  );
  await world.waits(path);
  status = 'PASSED';
  await ok(dev.post(`${path}/validate`));
  await reaches(world, path, 'completed');
  await judge.stop();
  await ok(admin.patch('/api/v1/environments/staging', { gates: [], reason: 'no gates' }));
}
