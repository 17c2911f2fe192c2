import { beforeEach, describe, expect, it } from 'vitest';
import { seedHandler } from '../../functions/handlers/events/seed.ts';
import { tokenClaimsHandler } from '../../functions/handlers/events/token-claims.ts';
import { ACME, CI, createWorld, GLOBEX, START, type World } from './api-world.ts';
import { testLog } from './log.ts';

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);

beforeEach(async () => {
  world = await createWorld();
});

describe('members', () => {
  const path = '/api/v1/members';

  it('are made, read, changed and removed, with roles per environment', async () => {
    const made = await admin('POST', path, {
      subject: 'sub-9',
      email: 'new@acme.com',
      roles: [{ role: 'approver', environment: 'prod' }, { role: 'viewer' }, { role: 'viewer' }],
      groups: ['security', 'security'],
    });
    expect(made).toMatchObject({ status: 201, headers: { location: `${path}/sub-9`, etag: '"1"' } });
    expect(made.body).toEqual({
      subject: 'sub-9',
      organization_id: ACME,
      user_id: 'sub-9',
      email: 'new@acme.com',
      roles: [{ role: 'approver', environment: 'production' }, { role: 'viewer' }],
      groups: ['security'],
      status: 'active',
      created_at: START,
      updated_at: START,
      version: 1,
    });
    const changed = await admin('PUT', `${path}/sub-9`, { groups: [] }, { 'If-Match': '"1"' });
    expect(changed).toMatchObject({ status: 200, body: { groups: [], roles: made.body.roles, version: 2 } });
    expect((await admin('GET', `${path}?limit=100`)).body.items).toHaveLength(7);
    expect(await admin('DELETE', `${path}/sub-9`)).toMatchObject({ status: 204 });
    expect(await admin('GET', `${path}/sub-9`)).toMatchObject({ status: 404 });
  });

  it('may be read by themselves, and by nobody else but an admin', async () => {
    expect(await world.as('viewer')('GET', `${path}/viewer`)).toMatchObject({
      status: 200,
      body: { user_id: 'viewer' },
    });
    expect(await world.as('viewer')('GET', `${path}/dev`)).toMatchObject({ status: 403 });
    expect(await world.as('viewer')('GET', path)).toMatchObject({ status: 403 });
  });

  it('count from the next request on', async () => {
    await admin('PUT', `${path}/viewer`, { status: 'inactive' });
    expect(await world.as('viewer')('GET', '/api/v1/environments')).toMatchObject({ status: 403 });
    await admin('PUT', `${path}/viewer`, { status: 'active', roles: [{ role: 'admin' }] });
    expect(await world.as('viewer')('GET', path)).toMatchObject({ status: 200 });
  });

  it('keep their last active admin, also when two admins go at once', async () => {
    for (const change of [
      { status: 'inactive' },
      { roles: [] },
      { roles: [{ role: 'admin', environment: 'dev' }] },
    ]) {
      expect(await admin('PUT', `${path}/admin`, change)).toMatchObject({
        status: 409,
        body: { code: 'in_use' },
      });
    }
    expect(await admin('DELETE', `${path}/admin`)).toMatchObject({ status: 409 });
    await admin('PUT', `${path}/dev`, { roles: [{ role: 'admin' }] });
    const [one, two] = await Promise.all([
      admin('DELETE', `${path}/admin`),
      world.as('dev')('PUT', `${path}/dev`, { roles: [] }),
    ]);
    expect([one.status, two.status].filter((status) => status < 300)).toHaveLength(1);
  });

  it('are made operators by operators only', async () => {
    const roles = [{ role: 'operator' }];
    expect(await admin('PUT', `${path}/dev`, { roles })).toMatchObject({
      status: 403,
      body: { code: 'not_authorized' },
    });
    expect(await admin('POST', path, { subject: 's', email: 's@acme.com', roles })).toMatchObject({
      status: 403,
    });
    expect(
      await admin('POST', '/api/v1/principals', {
        name: 'm',
        account: '123456789012',
        role: 'r',
        unique_id: 'AROAX',
        owner: 'dev',
        roles,
      }),
    ).toMatchObject({ status: 403 });
  });

  it.each([
    ['somebody twice', { subject: 'dev', email: 'dev@acme.com' }, 409, 'conflict'],
    [
      'an unknown environment',
      { subject: 's', email: 's@acme.com', roles: [{ role: 'viewer', environment: 'moon' }] },
      404,
      'unknown_environment',
    ],
    [
      'an unknown role',
      { subject: 's', email: 's@acme.com', roles: [{ role: 'king' }] },
      400,
      'invalid_request',
    ],
    ['an e-mail that is none', { subject: 's', email: 'acme' }, 400, 'invalid_request'],
    ['a subject with a separator', { subject: 'a#b', email: 's@acme.com' }, 400, 'invalid_request'],
  ])('refuse %s', async (_, body, status, code) => {
    expect(await admin('POST', path, body)).toMatchObject({ status, body: { code } });
  });
});

describe('machines', () => {
  const path = '/api/v1/principals';
  const machine = {
    name: 'Deployer',
    account: '210987654321',
    role: 'deployer',
    unique_id: 'AROADEPLOY',
    owner: 'dev',
    roles: [{ role: 'viewer' }],
  };

  it('call by account, role and unique id, whatever their session is called', async () => {
    const made = await admin('POST', path, machine);
    expect(made).toMatchObject({
      status: 201,
      body: { ...machine, id: 'mach-0001', organization_id: ACME, groups: [] },
    });
    const signer = { account: '210987654321', role: 'deployer', unique: 'AROADEPLOY', session: 'admin' };
    const get = (over: object) =>
      world.send({ method: 'GET', path: '/api/v1/environments', signer: { ...signer, ...over } });
    expect(await get({})).toMatchObject({ status: 200 });
    expect(await get({ session: 'another' })).toMatchObject({ status: 200 });
    for (const other of [{ account: '111111111111' }, { role: 'other' }, { unique: 'AROAOTHER' }]) {
      expect(await get(other)).toMatchObject({ status: 403, body: { code: 'not_authorized' } });
    }
    const headers = { 'X-Tenant-ID': GLOBEX };
    expect(await world.send({ method: 'GET', path: '/api/v1/environments', signer, headers })).toMatchObject({
      status: 403,
      body: { code: 'tenant_mismatch' },
    });
    const id = made.body.id;
    const moved = await admin('PUT', `${path}/${id}`, { unique_id: 'AROANEW' });
    expect(moved).toMatchObject({ status: 200, body: { unique_id: 'AROANEW', version: 2 } });
    expect(await get({})).toMatchObject({ status: 403 });
    expect(await get({ unique: 'AROANEW' })).toMatchObject({ status: 200 });
    expect(await admin('DELETE', `${path}/${id}`)).toMatchObject({ status: 204 });
    expect(await get({ unique: 'AROANEW' })).toMatchObject({ status: 403 });
  });

  it('read themselves', async () => {
    expect(await world.send({ method: 'GET', path: `${path}/mach-ci`, signer: CI })).toMatchObject({
      status: 200,
      body: { owner: 'dev' },
    });
    expect(await world.send({ method: 'GET', path, signer: CI })).toMatchObject({ status: 403 });
  });

  it('belong to one tenant only, and to an owner who is a member', async () => {
    await admin('POST', path, machine);
    const carol = world.as('carol');
    expect(await carol('POST', path, { ...machine, owner: 'carol' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect(await admin('POST', path, { ...machine, unique_id: 'AROA2', owner: 'carol' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'owner' }] },
    });
  });

  it('stay while a gateway is bound to them', async () => {
    await admin('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'dev', principal: 'mach-ci' });
    expect(await admin('DELETE', `${path}/mach-ci`)).toMatchObject({
      status: 409,
      body: { code: 'in_use', gateway_id: 'gw-1' },
    });
  });
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
    await u1('PUT', '/api/v1/members/u2', { status: 'inactive' });
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

  it('name only the tenants of somebody with several, and none of a stranger', async () => {
    await world.as('carol')('POST', '/api/v1/members', { subject: 'dev', email: 'dev@acme.com' });
    expect(JSON.stringify(await claims('dev'))).toContain(
      '"claimsToAddOrOverride":{"tenants":["acme","globex"]}',
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
