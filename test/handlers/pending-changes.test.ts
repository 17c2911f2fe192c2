import { beforeEach, describe, expect, it } from 'vitest';
import { memberOf } from '../../functions/use-cases/administration/found-tenant.ts';
import { ACME, CI, createWorld, START, type World } from './api-world.ts';
import type { Answer } from './event.ts';

let world: World;
const as =
  (sub: string) =>
  (method: string, path: string, body?: unknown): Promise<Answer> =>
    world.send({ method, path, signer: { sub }, ...(body === undefined ? {} : { body }) });
const [admin, root] = [as('admin'), as('root')];
const PENDING = '/api/v1/pending-changes';
const production = '/api/v1/environments/production';
const TOMORROW = '2026-11-22T09:00:00.000Z';
const weaker = { protected: false, reason: 'a drill' };
const newest = async () => (await admin('GET', '/api/v1/audit/changes?limit=1')).body.items[0];
const waiting = async () => (await admin('GET', PENDING)).body.items;

/** Somebody with the role admin since the beginning of these tests. */
async function anAdmin(subject: string, email = `${subject}@acme.com`): Promise<void> {
  const member = { subject, email, groups: [], grants: [{ role: 'admin' }] } as const;
  await world.commit(ACME, { write: 'membership', membership: memberOf(ACME, member, START), expected: 0 });
}

async function asked(): Promise<string> {
  const answer = await admin('PATCH', production, weaker);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 202, body: { status: 'pending' } });
  expect(answer.headers?.['location']).toBe(`${PENDING}/${answer.body.id}`);
  return answer.body.id;
}

beforeEach(async () => {
  world = await createWorld();
});

describe('where a tenant has two admins, a weakening of a protected environment', () => {
  beforeEach(async () => {
    await anAdmin('root');
    world.at(TOMORROW);
  });

  it('waits, changes nothing, and is listed with what it weakens', async () => {
    const before = (await admin('GET', production)).body;
    const id = await asked();
    expect((await admin('GET', production)).body).toEqual(before);
    expect(await waiting()).toMatchObject([
      {
        id,
        action: 'update',
        target: { type: 'environment', id: 'production' },
        reason: 'a drill',
        values: { before: { protected: true }, after: { protected: false } },
        asked_by: { subject: 'admin' },
        asked_at: TOMORROW,
        expires_at: '2026-11-29T09:00:00.000Z',
      },
    ]);
    expect((await waiting())[0].weakens).toContainEqual(
      expect.objectContaining({ environment: 'production', what: 'protected' }),
    );
    expect(await newest()).toMatchObject({
      action: 'create',
      target: { type: 'pending_change', id },
      reason: 'a drill',
      weakens: [],
    });
  });

  it('takes effect when the second admin confirms it, which the entry says, and binds both', async () => {
    const id = await asked();
    const confirmed = await root('POST', `${PENDING}/${id}/confirm`);
    expect(confirmed, JSON.stringify(confirmed.body)).toMatchObject({
      status: 200,
      body: { id, status: 'confirmed' },
    });
    expect((await admin('GET', production)).body).toMatchObject({ protected: false });
    expect(await newest()).toMatchObject({
      action: 'update',
      actor: { subject: 'admin' },
      confirmed_by: { subject: 'root' },
      unconfirmed: null,
      reason: 'a drill',
      target: { type: 'environment', id: 'production' },
    });
    const [weakened] = await world.deps.changes.weakened(ACME, 'production', START);
    expect(weakened?.by.map(({ subject }) => subject)).toEqual(['admin', 'root']);
    expect(await waiting()).toEqual([]);
    expect(await root('POST', `${PENDING}/${id}/confirm`)).toMatchObject({ status: 404 });
  });

  it('is confirmed once by any number of confirmations at once', async () => {
    const id = await asked();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => root('POST', `${PENDING}/${id}/confirm`)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 404, 409].includes(status))).toBe(true);
    expect((await admin('GET', production)).body.protected).toBe(false);
  });

  it('is not confirmed by who asked for it, under whatever address, nor by other roles or machines', async () => {
    await anAdmin('admin-2', 'Admin+2@acme.com');
    const id = await asked();
    for (const sub of ['admin', 'admin-2']) {
      expect(await as(sub)('POST', `${PENDING}/${id}/confirm`)).toMatchObject({
        status: 403,
        body: { code: 'separation_of_duties' },
      });
    }
    for (const sub of ['dev', 'alice', 'viewer', 'nobody']) {
      expect(await as(sub)('POST', `${PENDING}/${id}/confirm`)).toMatchObject({ status: 403 });
      expect(await as(sub)('GET', `${PENDING}/${id}`)).toMatchObject({ status: 403 });
      expect(await as(sub)('POST', `${PENDING}/${id}/discard`, {})).toMatchObject({ status: 403 });
    }
    const machine = { method: 'POST', path: `${PENDING}/${id}/confirm`, signer: CI } as const;
    expect(await world.send(machine)).toMatchObject({ status: 403 });
    expect((await admin('GET', production)).body.protected).toBe(true);
  });

  it('is not confirmed by an admin of less than 24 h, nor by one who was made after it was asked for', async () => {
    const id = await asked();
    const roles = [{ role: 'admin' }];
    const made = await admin('PATCH', '/api/v1/members/viewer', { roles, reason: 'one more' });
    expect(made.status).toBe(202);
    await root('POST', `${PENDING}/${made.body.id}/confirm`);
    world.at('2026-11-23T10:00:00.000Z');
    expect(await as('viewer')('POST', `${PENDING}/${id}/confirm`)).toMatchObject({ status: 409 });
    await root('POST', `${PENDING}/${id}/discard`, {});
    world.at('2026-11-22T20:00:00.000Z');
    const young = await asked();
    expect(await as('viewer')('POST', `${PENDING}/${young}/confirm`)).toMatchObject({
      status: 409,
      body: { from: '2026-11-23T09:00:00.000Z' },
    });
    world.at('2026-11-23T09:00:00.000Z');
    // Another change of the membership is none of since when they are admin.
    expect((await admin('PATCH', '/api/v1/members/viewer', { groups: ['g'] })).status).toBe(200);
    expect(await as('viewer')('POST', `${PENDING}/${young}/confirm`)).toMatchObject({ status: 200 });
  });

  it('is discarded, which is recorded, and expires', async () => {
    const id = await asked();
    expect(await root('POST', `${PENDING}/${id}/discard`, { reason: 'no' })).toMatchObject({
      status: 200,
      body: { status: 'discarded' },
    });
    expect(await newest()).toMatchObject({
      action: 'delete',
      actor: { subject: 'root' },
      target: { type: 'pending_change', id },
      reason: 'no',
    });
    expect(await root('POST', `${PENDING}/${id}/confirm`)).toMatchObject({ status: 404 });
    const late = await asked();
    world.at('2026-11-29T09:00:00.000Z');
    expect(await root('POST', `${PENDING}/${late}/confirm`)).toMatchObject({
      status: 409,
      body: { code: 'expired' },
    });
    expect(await waiting()).toMatchObject([{ id: late, status: 'expired' }]);
    const next = await asked();
    expect((await waiting()).map(({ id: one }: { id: string }) => one)).toEqual([next]);
  });

  it('is not confirmed once the item, what it weakens, or its asker is not as it was', async () => {
    const id = await asked();
    await admin('PATCH', production, { owned_keys: ['a.*'] });
    expect(await root('POST', `${PENDING}/${id}/confirm`)).toMatchObject({ status: 409, body: { id } });
    await admin('POST', `${PENDING}/${id}/discard`, {});

    const policy = { name: 'p', environments: ['production'], required_approvers: 2, groups: [] };
    const one = (await admin('POST', '/api/v1/approval-policies', policy)).body.id;
    const fewer = await admin('PATCH', `/api/v1/approval-policies/${one}`, {
      ...{ required_approvers: 1, reason: 'few are here' },
    });
    expect(fewer.status).toBe(202);
    await anAdmin('third');
    const gone = await as('third')('DELETE', '/api/v1/members/admin?reason=left');
    expect(gone.status).toBe(202);
    expect(await root('POST', `${PENDING}/${gone.body.id}/confirm`)).toMatchObject({ status: 200 });
    expect(await root('POST', `${PENDING}/${fewer.body.id}/confirm`)).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await root('GET', `/api/v1/approval-policies/${one}`)).body.required_approvers).toBe(2);
  });

  it('waits once for each item, under every verb, and answers a repeated request alike', async () => {
    const key = { 'Idempotency-Key': 'k1' };
    const approver = { subject: 'new', email: 'new@acme.com', roles: [{ role: 'approver' }], reason: 'r' };
    const send = () => world.as('admin')('POST', '/api/v1/members', approver, key);
    const first = await send();
    expect(first.status).toBe(202);
    expect(await send()).toMatchObject({ status: 202, body: { id: first.body.id } });
    expect(await world.as('admin')('POST', '/api/v1/members', approver)).toMatchObject({
      status: 409,
      body: { pending_change_id: first.body.id },
    });
    expect(await admin('GET', '/api/v1/members/new')).toMatchObject({ status: 404 });
    expect(await root('POST', `${PENDING}/${first.body.id}/confirm`)).toMatchObject({ status: 200 });
    expect(await admin('GET', '/api/v1/members/new')).toMatchObject({
      body: { roles: [{ role: 'approver' }] },
    });
    const policy = { name: 'p', environments: ['production'], required_approvers: 2, groups: [] };
    const { id } = (await admin('POST', '/api/v1/approval-policies', policy)).body;
    const removed = await admin('DELETE', `/api/v1/approval-policies/${id}?reason=over`);
    expect(removed.status).toBe(202);
    await root('POST', `${PENDING}/${removed.body.id}/confirm`);
    expect(await admin('GET', `/api/v1/approval-policies/${id}`)).toMatchObject({ status: 404 });
    const lifting = { ...policy, separation_of_duties: { requester: false }, reason: 'r' };
    const created = await admin('POST', '/api/v1/approval-policies', lifting);
    expect(created.status).toBe(202);
    await root('POST', `${PENDING}/${created.body.id}/confirm`);
    expect(await admin('GET', `/api/v1/approval-policies/${created.body.target.id}`)).toMatchObject({
      body: { separation_of_duties: { requester: false } },
    });
  });

  it('that lifts a lock or ends a freeze waits for nobody, nor does what is not protected or not weaker', async () => {
    await admin('POST', `${production}/lock`, { reason: 'incident' });
    expect((await admin('POST', `${production}/unlock`, { reason: 'over' })).status).toBe(200);
    const window = { reason: 'fair', starts_at: '2026-12-24T00:00:00Z', ends_at: '2026-12-27T00:00:00Z' };
    const freeze = (await admin('POST', `${production}/freezes`, window)).body.id;
    expect((await admin('DELETE', `${production}/freezes/${freeze}?reason=over`)).status).toBe(204);
    const gates = { gates: [], reason: 'none' };
    expect((await admin('PATCH', '/api/v1/environments/staging', gates)).status).toBe(200);
    expect((await admin('PATCH', production, { owned_keys: ['a.*'] })).status).toBe(200);
  });
});

describe('one admin', () => {
  it('weakens alone where there was no other for 30 days, which the entry says', async () => {
    expect((await admin('PATCH', production, weaker)).status).toBe(200);
    expect(await newest()).toMatchObject({ confirmed_by: null, unconfirmed: 'no_second_admin' });
  });

  it('may not make another admin who confirms at once', async () => {
    const roles = [{ role: 'admin' }];
    expect((await admin('PATCH', '/api/v1/members/viewer', { roles, reason: 'deputy' })).status).toBe(200);
    world.at('2026-11-21T09:01:00.000Z');
    const id = await asked();
    expect(await as('viewer')('POST', `${PENDING}/${id}/confirm`)).toMatchObject({ status: 409 });
    world.at('2026-11-22T09:00:00.000Z');
    expect(await as('viewer')('POST', `${PENDING}/${id}/confirm`)).toMatchObject({ status: 200 });
  });

  it('removes the only other one, who has left, and then waits 30 days before weakening alone', async () => {
    await anAdmin('root');
    const removed = await admin('DELETE', '/api/v1/members/root?reason=left');
    expect(removed.status).toBe(204);
    expect(await newest()).toMatchObject({ unconfirmed: 'removes_second_admin' });
    await asked();
    world.at('2026-12-21T08:59:00.000Z');
    const late = await asked();
    await admin('POST', `${PENDING}/${late}/discard`, {});
    world.at('2026-12-21T09:00:01.000Z');
    expect((await admin('PATCH', production, weaker)).status).toBe(200);
    expect(await newest()).toMatchObject({ unconfirmed: 'no_second_admin' });
  });

  it('gives nobody another role on the way out', async () => {
    await anAdmin('root');
    const roles = [{ role: 'approver' }];
    expect((await admin('PATCH', '/api/v1/members/root', { roles, reason: 'r' })).status).toBe(202);
  });
});
