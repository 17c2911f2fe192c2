import { beforeEach, describe, expect, it } from 'vitest';
import { call, person, reset, stage } from './stack-stage.ts';

beforeEach(reset);

describe('identity of people', () => {
  it('is 401 without any', async () => {
    expect(await call({ method: 'POST', path: '/things/x/verb', signer: undefined })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
  });

  it('takes the oldest active membership, or the one that X-Tenant-ID names', async () => {
    const there = { ...person, tenant: 'globex', created_at: '2026-11-22T00:00:00.000Z' };
    const former = {
      ...person,
      tenant: 'former',
      created_at: '2020-01-01T00:00:00.000Z',
      status: 'inactive',
    } as const;
    expect((await call({ method: 'POST', path: '/things/x/verb' })).body).toMatchObject({ tenant: 'acme' });
    stage.members = [former, there, person];
    expect(await call({ method: 'POST', path: '/things/x/verb' })).toMatchObject({
      status: 200,
      body: { tenant: 'acme' },
    });
    const headers = { 'X-Tenant-ID': 'globex' };
    expect((await call({ method: 'POST', path: '/things/x/verb', headers })).body).toMatchObject({
      tenant: 'globex',
    });
  });

  it.each([
    ['an ID token', { sub: 'sub-1', aud: 'client', token_use: 'id' }],
    ['a token of no kind', { sub: 'sub-1', client_id: 'client' }],
    ['an access token for an audience', { sub: 'sub-1', aud: 'client', client_id: 'x', token_use: 'access' }],
    ['an access token of no client', { sub: 'sub-1', token_use: 'access' }],
    ['an access token of nobody', { client_id: 'client', token_use: 'access' }],
  ])('is 401 with %s', async (_, claims) => {
    expect(await call({ method: 'POST', path: '/things/x/verb', signer: { claims } })).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated', detail: expect.stringContaining('access token') },
    });
  });

  it.each([
    ['X-Tenant-ID', 'globex'],
    ['X-Tenant-ID', 'a#b'],
    ['X-Tenant-ID', ''],
    ['X-User-ID', 'sub-1'],
    ['X-User-Email', 'alice@acme.com'],
  ])('refuses an untrue %s: %s', async (name, value) => {
    expect(await call({ method: 'POST', path: '/things/x/verb', headers: { [name]: value } })).toMatchObject({
      status: 403,
      body: { code: 'tenant_mismatch' },
    });
  });

  it('takes true ones, whatever the case of the e-mail', async () => {
    const headers = { 'X-Tenant-ID': 'acme', 'X-User-ID': 'user-1', 'X-User-Email': 'dev@ACME.com' };
    expect(await call({ method: 'POST', path: '/things/x/verb', headers })).toMatchObject({ status: 200 });
  });

  it('refuses a stranger and an inactive member', async () => {
    stage.members = [{ ...person, status: 'inactive' }];
    expect(await call({ method: 'POST', path: '/things/x/verb' })).toMatchObject({
      status: 403,
      body: { code: 'not_authorized' },
    });
    stage.members = [];
    expect(await call({ method: 'POST', path: '/things/x/verb' })).toMatchObject({
      status: 403,
      body: { code: 'not_authorized' },
    });
  });
});

describe('Idempotency-Key', () => {
  const post = (key: string, body: object) =>
    call({ method: 'POST', path: '/things', body, headers: { 'Idempotency-Key': key } });

  it('gives the same answer to the same request, and makes one thing', async () => {
    const first = await post('k1', { name: 'a', count: 1 });
    const again = await post('k1', { count: 1, name: 'a' });
    expect(again).toMatchObject({
      status: 201,
      body: first.body,
      headers: { location: '/things/1', 'idempotency-replayed': 'true' },
    });
    expect(stage.made).toBe(1);
    await post('k2', { name: 'a' });
    expect(stage.made).toBe(2);
  });

  it('refuses the key with another body, and a key that is none', async () => {
    await post('k1', { name: 'a' });
    expect(await post('k1', { name: 'b' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    for (const bad of ['', 'a b', 'é', 'a'.repeat(256)]) {
      expect(await post(bad, { name: 'a' })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'Idempotency-Key' }] },
      });
    }
    expect(stage.made).toBe(1);
  });

  it('does not mix up two people', async () => {
    stage.members = [person, { ...person, subject: 'sub-2' }];
    await post('k1', { name: 'a' });
    await call({
      method: 'POST',
      path: '/things',
      body: { name: 'b' },
      headers: { 'Idempotency-Key': 'k1' },
      signer: { sub: 'sub-2' },
    });
    expect(stage.made).toBe(2);
  });
});

describe('lists', () => {
  it('gives a cursor that leads on, and is bound to its list', async () => {
    const first = await call({ method: 'GET', path: '/things' });
    expect(first.body).toMatchObject({ items: [50, 'first'], next_cursor: expect.any(String) });
    const cursor = first.body['next_cursor'];
    expect((await call({ method: 'GET', path: `/things?limit=100&cursor=${cursor}` })).body).toMatchObject({
      items: [100, 'position é'],
    });
    expect(await call({ method: 'GET', path: `/things?colour=red&cursor=${cursor}` })).toMatchObject({
      status: 400,
    });
    stage.members = [{ ...person, tenant: 'globex' }];
    expect(await call({ method: 'GET', path: `/things?cursor=${cursor}` })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'cursor' }] },
    });
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'limit=1&limit=2',
    'limit=',
    'cursor=',
    'cursor=abc',
    'colour=a&size=1',
    `cursor=${'a'.repeat(3000)}`,
  ])('refuses ?%s', async (query) => {
    expect(await call({ method: 'GET', path: `/things?${query}` })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});
