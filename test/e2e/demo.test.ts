import { afterAll, expect, it } from 'vitest';
import { Api } from '../support/api.ts';
import { demoComplete, expectDemo } from '../support/demo.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

let runtime: Runtime | undefined;
afterAll(() => runtime?.stop());

it('shows a whole scene at the first visit, made once by the demo people: no later start adds to it', async () => {
  runtime = await startRuntime({ SLUICE_DEMO: 'on' });
  await demoComplete(runtime);
  await expectDemo(runtime);
  const { dataDir, port } = runtime;
  await runtime.kill9();
  runtime = await startRuntime({ SLUICE_DEMO: 'on' }, { dataDir, port });
  await expectDemo(runtime);
  expect(runtime.output()).not.toContain('The demo');
  const alice = new Api(runtime.url, await runtime.token('alice@acme.com'));
  const { items } = (await alice.get('/api/v1/promotions?waiting_for=me')).body;
  expect(items.map(({ agent_id }: { agent_id: string }) => agent_id)).toEqual(['demo-support']);
  await stopReplayed(runtime);
  runtime = undefined;
});
