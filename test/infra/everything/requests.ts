import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { until } from '../../support/api.ts';
import { signedHeaders } from '../../support/runtime-sign.ts';
import { ok, type World } from './world.ts';

export async function recorded({ dev }: World, agent: string, environment: string): Promise<string> {
  const body = { agent_id: agent, gateway_id: `gw-${environment}`, environment };
  return (await ok(dev.post('/api/v1/deployments', body))).id;
}

export async function requested(world: World, agent: string): Promise<string> {
  const { dev } = world;
  const body = {
    agent_id: agent,
    source_deployment_id: await recorded(world, agent, 'staging'),
    target_gateway_id: 'gw-http',
    target_environment: 'production',
  };
  return `/api/v1/promotions/${(await ok(dev.post('/api/v1/promotions', body, { 'idempotency-key': agent }))).id}`;
}

export const reaches = ({ dev }: World, path: string, status: string) =>
  until(
    async () => (await dev.get(path)).body,
    (promotion) => promotion.status === status,
  );

/** The deployment that the gateway was asked for, once it was. */
export const asked = ({ gateway }: World, agent: string): Promise<string> =>
  until(
    async () =>
      String(gateway.seen.findLast(({ body }) => body['agent_id'] === agent)?.body['deployment_id'] ?? ''),
    (id) => id !== '',
  );

/** The gateway's own machine says that a deployment is live. */
export async function report({ runtime }: World, deployment: string): Promise<void> {
  const { items } = JSON.parse(await readFile(join(runtime.dataDir, 'machine-credentials.json'), 'utf8'));
  const url = `${runtime.url}/api/v1/platform/deployments/${deployment}`;
  const payload = JSON.stringify({ status: 'DEPLOYED' });
  const headers = await signedHeaders({ method: 'PATCH', url, body: payload, credential: items[0] });
  const answer = await fetch(url, { method: 'PATCH', headers, body: payload });
  expect(answer.status, await answer.text()).toBe(200);
}
