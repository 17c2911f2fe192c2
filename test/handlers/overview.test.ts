import { describe, expect, it } from 'vitest';
import { createWorld } from './api-world.ts';

const STAGING = '/api/v1/config/environments/staging/configs';

describe('the overview', () => {
  it('shows what runs where, what moves, and for whom it waits', async () => {
    const world = await createWorld();
    const [dev, alice, admin] = [world.as('dev'), world.as('alice'), world.as('admin')];
    await dev('PUT', `${STAGING}/a.key`, { value: 1 });
    await admin('POST', '/api/v1/environments/staging/lock', { reason: 'load test' });
    const asked = { targetEnvironment: 'production', promotionType: 'FULL' };
    const { id } = (await dev('POST', '/api/v1/config/promotions', asked)).body;
    const { body } = await alice('GET', '/api/v1/overview');
    expect(body.environments.map(({ name }: { name: string }) => name)).toEqual([
      'development',
      'staging',
      'production',
    ]);
    expect(body.environments[1]).toMatchObject({ lock: { reason: 'load test' }, freeze: null });
    expect(body.subjects).toEqual([
      {
        kind: 'config',
        name: 'config',
        active: [expect.objectContaining({ environment: 'staging', revision: 1, version: null })],
      },
    ]);
    expect(body.promotions).toMatchObject([{ id, status: 'pending' }]);
    expect(body.waiting).toEqual([id]);
    expect((await dev('GET', '/api/v1/overview')).body.waiting).toEqual([]);
  });

  it('names the version of a deployment, and the freeze that stops an environment', async () => {
    const world = await createWorld();
    const [dev, admin] = [world.as('dev'), world.as('admin')];
    const deployment = { agent_id: 'agent-1', gateway_id: 'gw-1', environment: 'staging', version: '1.4.2' };
    await dev('POST', '/api/v1/deployments', deployment);
    await admin('POST', '/api/v1/environments/production/freezes', {
      reason: 'quarter close',
      starts_at: '2026-11-21T00:00:00Z',
      ends_at: '2026-11-23T06:00:00Z',
    });
    const { body } = await dev('GET', '/api/v1/overview');
    expect(body.subjects[0]).toMatchObject({
      kind: 'agent',
      name: 'agent-1',
      active: [{ environment: 'staging', gateway_id: 'gw-1', version: '1.4.2' }],
    });
    expect(body.environments[2].freeze).toEqual({
      reason: 'quarter close',
      ends_at: '2026-11-23T06:00:00.000Z',
    });
  });

  it('answers 304 while nothing moved, and anew once something did', async () => {
    const world = await createWorld();
    const dev = world.as('dev');
    await dev('PUT', `${STAGING}/a.key`, { value: 1 });
    const { etag } = (await dev('GET', '/api/v1/overview')).headers;
    world.at('2026-11-21T09:05:00.000Z');
    const known = { 'if-none-match': String(etag) };
    expect(await dev('GET', '/api/v1/overview', undefined, known)).toMatchObject({ status: 304, body: null });
    await dev('PUT', `${STAGING}/a.key`, { value: 2 });
    expect((await dev('GET', '/api/v1/overview', undefined, known)).status).toBe(200);
  });

  it('leaves out environments that somebody may not read', async () => {
    const world = await createWorld();
    await world.as('dev')('PUT', `${STAGING}/a.key`, { value: 1 });
    await world.as('dev')('PUT', '/api/v1/config/environments/development/configs/b.key', { value: 1 });
    const asked = { targetEnvironment: 'staging', promotionType: 'FULL' };
    expect((await world.as('dev')('POST', '/api/v1/config/promotions', asked)).status).toBe(201);
    const membership = {
      tenant: 'acme',
      subject: 'narrow',
      user_id: 'narrow',
      email: 'narrow@acme.com',
      groups: [],
      grants: [{ role: 'viewer', environment: 'production' }],
      status: 'active',
      version: 1,
      created_at: '2026-11-21T09:00:00.000Z',
      updated_at: '2026-11-21T09:00:00.000Z',
    } as const;
    await world.commit('acme', { write: 'membership', membership, expected: 0 });
    const { body } = await world.send({ method: 'GET', path: '/api/v1/overview', signer: { sub: 'narrow' } });
    expect(body.environments).toMatchObject([{ name: 'production' }]);
    expect(body.subjects).toEqual([]);
    expect((await world.as('dev')('GET', '/api/v1/overview')).body.promotions).toHaveLength(1);
    expect(body.promotions).toEqual([]);
  });

  it('is that of its own tenant, however alike another one is', async () => {
    const world = await createWorld();
    const digests = async (who: 'dev' | 'carol', value: number) => {
      const put = await world.as(who)('PUT', `${STAGING}/a.key`, { value });
      expect(put.status, JSON.stringify(put.body)).toBe(200);
      const { body } = await world.as(who)('GET', '/api/v1/overview');
      return body.subjects.map(({ active: [{ digest }] }: { active: [{ digest: string }] }) => digest);
    };
    const [ours, theirs] = [await digests('dev', 1), await digests('carol', 2)];
    expect(ours).toHaveLength(1);
    expect(theirs).toHaveLength(1);
    expect(theirs).not.toEqual(ours);
  });
});
