import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, createWorld, START, type World } from './api-world.ts';

const path = '/api/v1/approval-policies';
const full = {
  name: 'Release and security',
  environments: ['production'],
  required_approvers: 2,
  groups: [
    { group: 'release', min: 2 },
    { group: 'security', min: 1 },
  ],
  separation_of_duties: { requester: true, author: true, previous_promoter: true, evidence_producer: true },
  expires_after: 'P3D',
  require_comment: true,
};

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
const guardsOf = async () =>
  Object.fromEntries(
    (await world.deps.catalog.all(ACME, 'environment')).map(({ name, guard }) => [name, guard] as const),
  );
/** Which environments' guards an action raises. */
async function raised(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await guardsOf();
  await act();
  const after = await guardsOf();
  return Object.keys(after).filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
}

beforeEach(async () => {
  world = await createWorld();
});

describe('approval policies', () => {
  it('are created as asked, and raise the guard of what they concern', async () => {
    const names = await raised(async () => {
      const made = await admin('POST', path, full);
      expect(made).toMatchObject({
        status: 201,
        headers: { location: `${path}/${made.body.id}`, etag: expect.stringMatching(/^"1-/) },
      });
      expect(made.body).toEqual({
        ...full,
        warnings: [
          expect.objectContaining({ group: 'release' }),
          expect.objectContaining({ group: 'security' }),
        ],
        id: 'pol-0001',
        link_only: false,
        organization_id: ACME,
        created_at: START,
        updated_at: START,
        version: 1,
      });
      expect(await admin('GET', `${path}/pol-0001`)).toMatchObject({ status: 200, body: made.body });
    });
    expect(names).toEqual(['production']);
  });

  it('have defaults, and take aliases', async () => {
    const made = await admin('POST', path, { name: 'n', environments: ['prod', 'stg'] });
    expect(made).toMatchObject({
      status: 201,
      body: {
        environments: ['production', 'staging'],
        required_approvers: 1,
        groups: [],
        separation_of_duties: {
          requester: true,
          author: false,
          previous_promoter: false,
          evidence_producer: false,
        },
        expires_after: 'P7D',
        require_comment: false,
      },
    });
  });

  it('for every environment raise every guard', async () => {
    const names = await raised(() => admin('POST', path, { name: 'n', environments: ['*'] }));
    expect(names.toSorted()).toEqual(['development', 'production', 'staging']);
  });

  it.each([
    ['an unknown environment', { environments: ['moon'] }, 404, 'unknown_environment'],
    ['no environment', { environments: [] }, 400, 'invalid_request'],
    ['an environment named twice', { environments: ['prod', 'production'] }, 400, 'invalid_request'],
    ['a group named twice', { groups: [full.groups[0], full.groups[0]] }, 400, 'invalid_request'],
    ['a group of none', { groups: [{ group: 'g', min: 0 }] }, 400, 'invalid_request'],
    ['fewer than no approvers', { required_approvers: -1 }, 400, 'invalid_request'],
    ['approvals for longer than 300 days', { expires_after: 'P301D' }, 400, 'invalid_request'],
    [
      'approvals for longer than 300 days in seconds',
      { expires_after: 'PT25920001S' },
      400,
      'invalid_request',
    ],
    ['approvals for no time', { expires_after: 'PT0S' }, 400, 'invalid_request'],
    ['approvals for months', { expires_after: 'P1M' }, 400, 'invalid_request'],
    ['an unknown duty', { separation_of_duties: { friend: true } }, 400, 'invalid_request'],
    ['an unknown field', { colour: 'red' }, 400, 'invalid_request'],
  ])('refuse %s', async (_, change, status, code) => {
    const names = await raised(async () => {
      expect(await admin('POST', path, { ...full, ...change })).toMatchObject({ status, body: { code } });
      expect((await admin('GET', path)).body.items).toEqual([]);
    });
    expect(names).toEqual([]);
  });

  it('may hold for exactly 300 days', async () => {
    expect(await admin('POST', path, { ...full, expires_after: 'P300D', reason: 'r' })).toMatchObject({
      status: 201,
    });
  });

  it('change in part, under If-Match, and raise the guards before and after', async () => {
    const { id } = (await admin('POST', path, full)).body;
    world.at('2026-11-21T10:00:00.000Z');
    const stale = await admin('PATCH', `${path}/${id}`, { name: 'x' }, { 'If-Match': '"7"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition_failed', version: 1 } });
    const names = await raised(async () => {
      const change = { environments: ['staging'], separation_of_duties: { author: false }, reason: 'r' };
      expect(await admin('PATCH', `${path}/${id}`, change, { 'If-Match': '"1"' })).toMatchObject({
        status: 200,
        headers: { etag: expect.stringMatching(/^"2-/) },
        body: {
          ...full,
          environments: ['staging'],
          separation_of_duties: { ...full.separation_of_duties, author: false },
          created_at: START,
          updated_at: '2026-11-21T10:00:00.000Z',
        },
      });
    });
    expect(names.toSorted()).toEqual(['production', 'staging']);
  });

  it('are deleted once, which raises the guard', async () => {
    const { id } = (await admin('POST', path, full)).body;
    expect(await admin('DELETE', `${path}/${id}`, undefined, { 'If-Match': '"9"' })).toMatchObject({
      status: 412,
    });
    const names = await raised(async () => {
      expect(await admin('DELETE', `${path}/${id}?reason=over`)).toMatchObject({ status: 204, body: null });
    });
    expect(names).toEqual(['production']);
    expect(await admin('DELETE', `${path}/${id}`)).toMatchObject({ status: 404 });
  });

  it('keep the environment they name from being deleted', async () => {
    await admin('POST', '/api/v1/environments', { name: 'qa' });
    const { id } = (await admin('POST', path, { name: 'n', environments: ['qa'] })).body;
    expect(await admin('DELETE', '/api/v1/environments/qa')).toMatchObject({
      status: 409,
      body: { code: 'in_use', policy_id: id },
    });
    await admin('DELETE', `${path}/${id}?reason=over`);
    expect(await admin('DELETE', '/api/v1/environments/qa')).toMatchObject({ status: 204 });
  });

  it('are managed by the admin of every environment named, and for all of them by the admin of the tenant', async () => {
    const grants = [{ role: 'admin', environment: 'staging' }, { role: 'viewer' }];
    await admin('PATCH', '/api/v1/members/viewer', { roles: grants, reason: 'their own place' });
    const part = world.as('viewer');
    expect(await part('POST', path, { name: 'n', environments: ['staging'] })).toMatchObject({ status: 201 });
    for (const environments of [['staging', 'production'], ['*']]) {
      expect(await part('POST', path, { name: 'n', environments })).toMatchObject({
        status: 403,
        body: { code: 'not_authorized' },
      });
    }
    const moved = { environments: ['production'] };
    expect(await part('PATCH', `${path}/pol-0001`, moved)).toMatchObject({ status: 403 });
  });

  it('are listed page by page, and made once under one Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'k-1' };
    const made = await Promise.all([admin('POST', path, full, key), admin('POST', path, full, key)]);
    expect(made[1]).toMatchObject({ status: 201, body: made[0]?.body });
    await admin('POST', path, { ...full, name: 'second' });
    const first = (await admin('GET', `${path}?limit=1`)).body;
    const second = (await admin('GET', `${path}?limit=1&cursor=${first.next_cursor}`)).body;
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual([full.name, 'second']);
  });
});
