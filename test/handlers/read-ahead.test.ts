import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, createWorld, GLOBEX, type World } from './api-world.ts';

const PATH = '/api/v1/promotions';
const CONFIGS = '/api/v1/config/promotions';
const NAMED = { 'X-Tenant-ID': ACME };

let world: World;
let begun: string[];
let ended: number;
beforeEach(async () => {
  world = await createWorld();
  const admin = world.as('admin');
  await admin('POST', '/api/v1/gateways', { id: 'gw-staging', environment: 'staging' });
  await admin('POST', '/api/v1/gateways', { id: 'gw-production', environment: 'production' });
  await world.as('dev')('POST', '/api/v1/deployments', {
    ...{ id: 'dep-1', agent_id: 'agent-1', gateway_id: 'gw-staging', environment: 'staging' },
  });
  [begun, ended] = [[], 0];
  const { catalog, deployments, heads, promotions } = world.deps;
  Object.assign(world.deps, {
    catalog: slow('catalog', catalog),
    deployments: slow('deployments', deployments),
    heads: slow('heads', heads),
    promotions: slow('promotions', promotions),
  });
});

/** A store that says what it was asked for, and takes its time. */
function slow<S extends object>(name: string, store: S): S {
  return new Proxy(store, {
    get(target, method) {
      const read = Reflect.get(target, method);
      if (typeof read !== 'function') return read;
      return async (...asked: unknown[]) => {
        begun.push(`${asked[0]} ${name}.${String(method)}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        ended += 1;
        return read.apply(target, asked);
      };
    },
  });
}

const agent = (deployment = 'dep-1', target_environment = 'production') => ({
  agent_id: 'agent-1',
  source_deployment_id: deployment,
  target_gateway_id: 'gw-production',
  target_environment,
});
const config = { sourceEnvironment: 'staging', targetEnvironment: 'production', promotionType: 'FULL' };

describe('what is read before the caller is known', () => {
  it.each([
    ['an agent that is there', PATH, agent()],
    ['an agent that is not there', PATH, agent('dep-none', 'nowhere')],
    ['an artifact', PATH, { artifact: 'api', version: '1.0.0', target_environment: 'production' }],
    ['configuration', CONFIGS, config],
    ['a rollback', `${CONFIGS}/prom-0001/rollback`, {}],
  ])('tells a stranger nothing, and costs six reads at most: %s', async (_, path, body) => {
    const carol = world.as('carol');
    const { status, body: problem } = await carol('POST', path, body, NAMED);
    expect({ status, ...problem, instance: '' }).toEqual({
      ...(await carol('POST', '/api/v1/approval-policies', {}, NAMED)).body,
      ...{ status: 403, code: 'tenant_mismatch', instance: '' },
    });
    expect(begun.length).toBeLessThanOrEqual(6);
    expect(ended).toBe(begun.length);
    expect((await world.deps.denials.list(ACME, { limit: 10 })).items).toEqual([]);
  });

  it('is nothing for who is nobody, for a page without a session, and for words that are none', async () => {
    const dead = { method: 'POST', path: PATH, headers: NAMED, body: agent() };
    expect((await world.send(dead)).status).toBe(401);
    expect((await world.send({ ...dead, path: `/web${PATH}` })).status).toBe(401);
    const carol = world.as('carol');
    for (const body of [{}, 'no JSON', { ...agent(), agent_id: 7 }])
      expect((await carol('POST', PATH, body, NAMED)).status).toBe(403);
    expect((await carol('POST', PATH, agent(), { 'X-Tenant-ID': 'a#b' })).status).toBe(403);
    expect(begun).toEqual([]);
  });

  it('is of the tenant that is named, which is the only one that is read', async () => {
    const dev = world.as('dev');
    expect((await dev('POST', PATH, agent(), { 'X-Tenant-ID': GLOBEX })).status).toBe(403);
    expect(begun.filter((read) => !read.startsWith(GLOBEX))).toEqual([]);
    expect((await dev('POST', PATH, agent(), NAMED)).status).toBe(201);
  });

  it('is read once', async () => {
    expect((await world.as('dev')('POST', PATH, agent(), NAMED)).status).toBe(201);
    const before = begun.indexOf(`${ACME} catalog.governing`);
    const first = begun.slice(0, before);
    expect(new Set(first).size).toBe(first.length);
    expect(first).toContain(`${ACME} catalog.all`);
    expect(first).toContain(`${ACME} deployments.read`);
  });

  it('is found by an alias all the same', async () => {
    const { status } = await world.as('dev')('POST', PATH, agent('dep-1', 'prod'), NAMED);
    expect(status).toBe(201);
  });

  it('does not stand in for a role', async () => {
    const { status, body } = await world.as('viewer')('POST', PATH, agent(), NAMED);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'not_authorized' });
  });
});
