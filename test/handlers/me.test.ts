import { expect, it } from 'vitest';
import { ACME, CI, createWorld, GLOBEX, START } from './api-world.ts';

const path = '/api/v1/me';

it('says who a person is, with roles, groups and tenants', async () => {
  const world = await createWorld();
  expect((await world.as('dev')('GET', path)).body).toEqual({
    subject: 'dev',
    kind: 'person',
    email: 'dev@acme.com',
    user_id: 'dev',
    organization_id: ACME,
    roles: [{ role: 'developer' }, { role: 'promoter' }],
    groups: [],
    owner: null,
    tenants: [{ id: ACME, name: 'Acme', status: 'active' }],
  });
});

it('is answered without any role', async () => {
  const world = await createWorld();
  expect(await world.as('nobody')('GET', path)).toMatchObject({ status: 200, body: { roles: [] } });
});

it('lists every tenant of a person, and speaks of the one that was named', async () => {
  const world = await createWorld();
  const membership = {
    tenant: GLOBEX,
    subject: 'dev',
    user_id: 'other-dev',
    email: 'dev@globex.com',
    groups: ['release'],
    grants: [{ role: 'viewer', environment: 'staging' }],
    status: 'inactive',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  await world.commit(GLOBEX, { write: 'membership', membership, expected: 0 });
  expect((await world.as('dev')('GET', path)).body).toMatchObject({
    organization_id: ACME,
    tenants: [
      { id: ACME, status: 'active' },
      { id: GLOBEX, status: 'inactive' },
    ],
  });
  const active = { ...membership, status: 'active', version: 2 } as const;
  await world.commit(GLOBEX, { write: 'membership', membership: active, expected: 1 });
  expect((await world.as('dev')('GET', path, undefined, { 'x-tenant-id': GLOBEX })).body).toMatchObject({
    organization_id: GLOBEX,
    user_id: 'other-dev',
    roles: [{ role: 'viewer', environment: 'staging' }],
    groups: ['release'],
  });
});

it('says who answers for a machine', async () => {
  const world = await createWorld();
  expect((await world.send({ method: 'GET', path, signer: CI })).body).toMatchObject({
    subject: 'mach-ci',
    kind: 'machine',
    email: '',
    owner: 'dev',
    roles: [{ role: 'recorder' }],
    tenants: [{ id: ACME, name: 'Acme', status: 'active' }],
  });
});

it('tells strangers nothing', async () => {
  const world = await createWorld();
  expect(await world.send({ method: 'GET', path })).toMatchObject({ status: 401 });
  expect(await world.send({ method: 'GET', path, signer: { sub: 'stranger' } })).toMatchObject({
    status: 403,
  });
  expect(await world.as('dev')('GET', path, undefined, { 'x-tenant-id': GLOBEX })).toMatchObject({
    status: 403,
    body: { code: 'tenant_mismatch' },
  });
});
