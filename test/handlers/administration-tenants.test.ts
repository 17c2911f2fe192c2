import { beforeEach, describe, expect, it } from 'vitest';
import { seedHandler } from '../../functions/handlers/events/seed.ts';
import { tokenClaimsHandler } from '../../functions/handlers/events/token-claims.ts';
import { ACME, createWorld, GLOBEX, type World } from './api-world.ts';
import { testLog } from './log.ts';

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);

beforeEach(async () => {
  world = await createWorld();
});

describe('tenants', () => {
  const path = '/api/v1/tenants';
  const initech = { id: 'initech', name: 'Initech', admin: { subject: 'bill', email: 'bill@initech.com' } };
  const ops = (...call: Parameters<ReturnType<World['as']>>) => world.as('ops')(...call);

  it('are founded by operators, with the default pipeline and an admin, once', async () => {
    expect(await admin('POST', path, initech)).toMatchObject({ status: 403 });
    const made = await ops('POST', path, initech);
    expect(made).toMatchObject({
      status: 201,
      headers: { location: `${path}/initech` },
      body: { id: 'initech', name: 'Initech', version: 1 },
    });
    expect(await ops('POST', path, initech)).toMatchObject({ status: 201, body: made.body });
    expect(await ops('POST', path, { ...initech, name: 'Other' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    const bill = await world.send({ method: 'GET', path: '/api/v1/environments', signer: { sub: 'bill' } });
    expect(bill.body.items).toHaveLength(3);
    expect(
      await world.send({
        method: 'POST',
        path: '/api/v1/environments',
        signer: { sub: 'bill' },
        body: { name: 'qa' },
      }),
    ).toMatchObject({ status: 201 });
  });

  it('are listed, read and renamed by operators', async () => {
    expect((await ops('GET', path)).body.items.map(({ id }: { id: string }) => id)).toEqual([
      ACME,
      GLOBEX,
      'sluice-ops',
    ]);
    expect(await ops('PUT', `${path}/acme`, { name: 'Acme Inc.' })).toMatchObject({
      status: 200,
      body: { name: 'Acme Inc.' },
    });
    expect(await ops('GET', `${path}/none`)).toMatchObject({ status: 404 });
    expect(await admin('GET', path)).toMatchObject({ status: 403 });
  });
});

describe('a tenant that was read', () => {
  const path = '/api/v1/tenants/acme';
  const ops = (...call: Parameters<ReturnType<World['as']>>) => world.as('ops')(...call);

  it('can be put back as it is, and with another name', async () => {
    const { body, headers } = await ops('GET', path);
    const same = await ops('PUT', path, body, { 'if-match': String(headers['etag']) });
    expect(same).toMatchObject({ status: 200, body });
    const renamed = await ops('PUT', path, { ...body, name: 'Acme Inc.', reason: 'merger' });
    expect(renamed).toMatchObject({ status: 200, body: { name: 'Acme Inc.', version: body.version + 1 } });
    expect((await ops('PUT', path, body)).body).toMatchObject({ code: 'immutable', field: 'version' });
    const patched = await ops('PATCH', path, { name: 'Acme' }, { 'if-match': String(headers['etag']) });
    expect(patched.status).toBe(412);
    expect((await ops('PATCH', path, { name: 'Acme' })).body).toMatchObject({ name: 'Acme' });
    const changes = await admin('GET', '/api/v1/audit/changes');
    expect(changes.body.items).toContainEqual(
      expect.objectContaining({ reason: 'merger', target: { type: 'tenant', id: 'acme' } }),
    );
  });

  it.each<[string, unknown, number, object]>([
    ['another id', { name: 'A', id: 'other' }, 409, { code: 'immutable', field: 'id' }],
    ['another version', { name: 'A', version: 7 }, 409, { code: 'immutable', field: 'version' }],
    ['no name', {}, 400, { code: 'invalid_request' }],
    ['an unknown field', { name: 'A', color: 'red' }, 400, { code: 'invalid_request' }],
    ['no object', [], 400, { code: 'invalid_request' }],
  ])('is not replaced with %s', async (_, body, status, problem) => {
    expect(await ops('PUT', path, body)).toMatchObject({ status, body: problem });
  });
});

describe('seeding', () => {
  const input = {
    people: [
      { tenant_id: 'new', tenant_name: 'New', user_id: 'u1', email: 'u1@new.com', roles: ['admin'] },
      { tenant_id: 'new', user_id: 'u2', email: 'u2@new.com' },
    ],
    demo: true,
  };

  it('twice is once, and takes nothing back', async () => {
    const seed = seedHandler(() => world.deps, testLog());
    expect(await seed(input)).toEqual({ tenants: ['new'], people: 2, machines: 0 });
    const u1 = (method: string, path: string, body?: object) =>
      world.send({ method, path, signer: { sub: 'u1' }, body });
    await u1('PATCH', '/api/v1/members/u2', { status: 'inactive' });
    expect((await u1('DELETE', '/api/v1/environments/development')).status).toBe(204);
    await seed(input);
    expect((await u1('GET', '/api/v1/members/u2')).body).toMatchObject({
      status: 'inactive',
      roles: [{ role: 'viewer' }],
    });
    expect((await u1('GET', '/api/v1/environments')).body.items).toHaveLength(2);
  });

  it('throws on input of another shape', async () => {
    await expect(
      seedHandler(() => world.deps, testLog())({ people: [{ tenant_id: 'a#b' }] }),
    ).rejects.toThrow();
  });
});

describe('claims of tokens', () => {
  const event = (sub: string) => ({
    version: '2',
    triggerSource: 'TokenGeneration_Authentication',
    userName: sub,
    request: { userAttributes: { sub, email: 'x' }, scopes: [], groupConfiguration: {} },
    response: { claimsAndScopeOverrideDetails: null },
  });
  const claims = async (sub: string) => {
    const answer: unknown = await tokenClaimsHandler(() => world.deps, testLog())(event(sub));
    return answer;
  };

  it('copy the one membership, in both tokens, and hand back the rest', async () => {
    const given = {
      tenants: [ACME],
      tenant: ACME,
      email: 'dev@acme.com',
      roles: ['developer', 'promoter'],
      groups: [],
    };
    expect(await claims('dev')).toMatchObject({
      userName: 'dev',
      response: {
        claimsAndScopeOverrideDetails: {
          idTokenGeneration: { claimsToAddOrOverride: given },
          accessTokenGeneration: { claimsToAddOrOverride: given },
        },
      },
    });
  });

  it('name all tenants of a person, describe the oldest active membership, and say nothing of a stranger', async () => {
    const member = { subject: 'dev', email: 'dev@globex.com' };
    expect((await world.as('carol')('POST', '/api/v1/members', member)).status).toBe(201);
    // The calls of the person stay those of the older membership.
    expect((await world.as('dev')('GET', '/api/v1/environments')).body.items[0].organization_id).toBe(ACME);
    const own = { tenant: 'acme', email: 'dev@acme.com', roles: ['developer', 'promoter'], groups: [] };
    expect(JSON.stringify(await claims('dev'))).toContain(
      JSON.stringify({ tenants: ['acme', 'globex'], ...own }),
    );
    expect(JSON.stringify(await claims('stranger'))).toContain('"claimsToAddOrOverride":{"tenants":[]}');
  });

  it('never keep anybody from signing in', async () => {
    const { directory } = world.deps;
    const broken = { directory: { ...directory, membershipsOf: () => Promise.reject(new Error('down')) } };
    const answer: unknown = await tokenClaimsHandler(() => broken, testLog())(event('dev'));
    expect(answer).toMatchObject({
      response: { claimsAndScopeOverrideDetails: { idTokenGeneration: { claimsToAddOrOverride: {} } } },
    });
  });
});
