import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, CI, createWorld, GLOBEX, START, type World } from './api-world.ts';

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
      reason: 'approves releases',
    });
    expect(made).toMatchObject({ status: 201, headers: { location: `${path}/sub-9` } });
    const { version } = made.body;
    expect(made.headers?.['etag']).toBe(`"${version}"`);
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
      version,
    });
    const match = { 'If-Match': `"${version}"` };
    const changed = await admin('PATCH', `${path}/sub-9`, { groups: [] }, match);
    expect(changed).toMatchObject({
      status: 200,
      body: { groups: [], roles: made.body.roles, version: version + 1 },
    });
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
    await admin('PATCH', `${path}/viewer`, { status: 'inactive' });
    expect(await world.as('viewer')('GET', '/api/v1/environments')).toMatchObject({ status: 403 });
    await admin('PATCH', `${path}/viewer`, {
      ...{ status: 'active', roles: [{ role: 'admin' }], reason: 'deputy' },
    });
    expect(await world.as('viewer')('GET', path)).toMatchObject({ status: 200 });
  });

  it('keep their last active admin, also when two admins go at once', async () => {
    for (const change of [
      { status: 'inactive' },
      { roles: [] },
      { roles: [{ role: 'admin', environment: 'dev' }] },
    ]) {
      expect(await admin('PATCH', `${path}/admin`, change)).toMatchObject({
        status: 409,
        body: { code: 'in_use' },
      });
    }
    expect(await admin('DELETE', `${path}/admin`)).toMatchObject({ status: 409 });
    await admin('PATCH', `${path}/dev`, { roles: [{ role: 'admin' }], reason: 'deputy' });
    const [one, two] = await Promise.all([
      world.as('dev')('DELETE', `${path}/admin?reason=left`),
      admin('PATCH', `${path}/dev`, { roles: [], reason: 'left' }),
    ]);
    expect([one.status, two.status].filter((status) => status < 300)).toHaveLength(1);
  });

  it('are made operators by operators only', async () => {
    const roles = [{ role: 'operator' }];
    expect(await admin('PATCH', `${path}/dev`, { roles })).toMatchObject({
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
    const moved = await admin('PATCH', `${path}/${id}`, { unique_id: 'AROANEW' });
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
