import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Api, until } from '../../support/api.ts';
import { GatewayServer } from '../../support/gateway.ts';
import type { Runtime } from '../../support/runtime.ts';
import { type SignInput, signedHeaders } from '../../support/runtime-sign.ts';

/** Machines that sign, with gateways of staging and production. */
export function machineTests(shared: () => Runtime): void {
  let runtime: Runtime;
  let gateway: GatewayServer;
  let dev: Api;
  let credential: SignInput['credential'];

  beforeAll(async () => {
    gateway = await GatewayServer.start();
    gateway.behaviour = () => 202;
    runtime = shared();
    const items = JSON.parse(await readFile(join(runtime.dataDir, 'machine-credentials.json'), 'utf8'));
    credential = (items.items ?? items)[0];
    dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    for (const [id, environment] of [
      ['gw-stg', 'staging'],
      ['gw-prod', 'production'],
    ]) {
      expect((await admin.post('/api/v1/gateways', { id, environment, driver: 'record' })).status).toBe(201);
    }
    const later = {
      id: 'gw-later',
      environment: 'production',
      driver: 'http',
      endpoint: gateway.url,
      principal: 'local-recorder',
    };
    expect((await admin.post('/api/v1/gateways', later)).status).toBe(201);
  });
  afterAll(() => gateway?.stop());

  /** A request signed with SigV4; `sent` is the body that goes out in place of the one that was signed. */
  async function signed(method: string, path: string, body: object, sent?: object): Promise<Answer> {
    const text = JSON.stringify(body);
    const headers = await signedHeaders({ method, url: runtime.url + path, body: text, credential });
    const { host: _, ...rest } = headers;
    const answer = await fetch(runtime.url + path, {
      method,
      headers: rest,
      body: sent === undefined ? text : JSON.stringify(sent),
    });
    const said = await answer.text();
    return { status: answer.status, headers: answer.headers, body: said === '' ? null : JSON.parse(said) };
  }

  const deployment = (id: string, environment: string, version: string) => ({
    id,
    agent_id: 'agent-machine',
    gateway_id: environment === 'staging' ? 'gw-stg' : 'gw-prod',
    environment,
    version,
  });

  describe('a slash at the end of a path', () => {
    it('means nothing to people, and machines are told the path to sign', async () => {
      for (const path of ['/api/v1/promotions', '/api/v1/promotions/p-none', '/docs', '/openapi.json']) {
        const plain = await fetch(runtime.url + path, { headers: dev.headers });
        const slashed = await fetch(`${runtime.url}${path}/`, { headers: dev.headers });
        expect([path, slashed.status], await slashed.text()).toEqual([path, plain.status]);
        await plain.arrayBuffer();
      }
      expect((await dev.post('/api/v1/promotions/', { source_environment: 3 })).body).toMatchObject({
        code: 'invalid_request',
      });
      const url = `${runtime.url}/api/v1/promotions/`;
      const headers = await signedHeaders({ method: 'GET', url, body: '', credential });
      const { host: _, ...rest } = headers;
      const told = await fetch(url, { headers: rest, redirect: 'manual' });
      expect([told.status, told.headers.get('location')]).toEqual([308, '/api/v1/promotions']);
      expect(await (await fetch(`${runtime.url}/nowhere`)).json()).toMatchObject({
        code: 'unknown_operation',
      });
    });
  });

  describe('a machine that signs with SigV4, on the same routes', () => {
    it('records in a protected environment, where a person may not once the head is set', async () => {
      expect(
        (await signed('POST', '/api/v1/deployments', deployment('dep-p1', 'production', '1'))).status,
      ).toBe(201);
      const person = await dev.post('/api/v1/deployments', deployment('dep-p2', 'production', '2'));
      expect(person.status).toBeGreaterThanOrEqual(403);
      expect(
        (await signed('POST', '/api/v1/deployments', deployment('dep-p3', 'production', '3'))).status,
      ).toBe(201);
      const history = (await dev.get('/api/v1/platform/deployments/history?environment=prod&kind=agent'))
        .body;
      expect(history.map((one: { id: string }) => one.id)).toEqual(['dep-p3', 'dep-p1']);
    });

    it('is refused when the body is not the one that was signed', async () => {
      const answer = await signed(
        'POST',
        '/api/v1/deployments',
        deployment('dep-x', 'production', '4'),
        deployment('dep-x', 'production', '5'),
      );
      expect(answer.status).toBe(403);
      expect((await dev.get('/api/v1/deployments/dep-x')).status).toBe(404);
    });

    it('reports later what its gateway was asked to do, and only then the promotion is complete', async () => {
      await dev.post('/api/v1/deployments', deployment('dep-s', 'staging', '9'));
      const { body } = await dev.post('/api/v1/promotions', {
        agent_id: 'agent-machine',
        source_deployment_id: 'dep-s',
        target_gateway_id: 'gw-later',
        target_environment: 'production',
      });
      const path = `/api/v1/promotions/${body.id}`;
      const alice = new Api(runtime.url, await runtime.token('alice@acme.com'));
      await alice.post(`${path}/approve`);
      expect((await dev.post(`${path}/execute`)).status).toBe(202);
      await until(
        async () => gateway.seen.length,
        (seen) => seen >= 1,
      );
      const id = gateway.seen[0]?.key;
      expect((await dev.get(path)).body.status).toBe('executing');
      const report = `/api/v1/platform/deployments/${id}`;
      const posed = await dev.send('PATCH', report, { status: 'DEPLOYED' });
      expect(posed).toMatchObject({ status: 403, body: { code: 'not_authorized' } });
      expect((await signed('PATCH', report, { status: 'DEPLOYED' })).status).toBe(200);
      expect((await signed('PATCH', report, { status: 'DEPLOYED' })).status).toBe(200);
      const done = (await dev.get(path)).body;
      expect(done).toMatchObject({ status: 'completed', target_deployment_id: id });
      expect(gateway.seen).toHaveLength(1);
    });
  });
}
