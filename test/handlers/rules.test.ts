import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, createWorld, START, type World } from './api-world.ts';

const document = {
  name: 'Auto-promote to Staging',
  source_environment: 'development',
  target_environment: 'staging',
  requires_approval: false,
  auto_promote: true,
  conditions: {
    all: [
      { field: 'tests.pass_rate', op: 'gte', value: 100 },
      { field: 'metrics.error_rate', op: 'lte', value: 0.01 },
    ],
  },
};
const path = '/api/v1/promotions/rules';

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
const guardOf = async (name: string) =>
  (await world.deps.catalog.item(ACME, 'environment', name))?.guard ?? 0;

beforeEach(async () => {
  world = await createWorld();
});

describe('promotion rules', () => {
  it('are created exactly as the document has them, and raise the guard of their target', async () => {
    const before = [await guardOf('staging'), await guardOf('development')];
    const made = await admin('POST', path, document);
    expect(made).toMatchObject({
      status: 201,
      headers: { location: `${path}/${made.body.id}`, etag: '"1"' },
    });
    expect(made.body).toEqual({
      ...document,
      id: 'rule-0001',
      organization_id: ACME,
      required_approvers: 0,
      target_gateway_id: null,
      status: 'active',
      created_at: START,
      updated_at: START,
      version: 1,
    });
    expect(await guardOf('staging')).toBe((before[0] ?? 0) + 1);
    expect(await guardOf('development')).toBe(before[1]);
    expect(await admin('GET', `${path}/${made.body.id}`)).toMatchObject({ status: 200, body: made.body });
  });

  it('take aliases and conditions as JSON text, and answer names and an object', async () => {
    const made = await admin('POST', path, {
      name: 'n',
      source_environment: 'stg',
      target_environment: 'prod',
      requires_approval: true,
      conditions: JSON.stringify(document.conditions),
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        source_environment: 'staging',
        target_environment: 'production',
        required_approvers: 1,
        conditions: document.conditions,
      },
    });
  });

  it.each([
    ['an unknown environment', { target_environment: 'moon' }, 404, 'unknown_environment'],
    ['a skipped stage', { target_environment: 'production' }, 409, 'missing_stages'],
    ['going backward', { source_environment: 'production' }, 409, 'invalid_transition'],
    ['an unknown operator', { conditions: { field: 'a', op: 'like', value: 1 } }, 400, 'invalid_request'],
    ['an unknown key', { conditions: { all: [], other: 1 } }, 400, 'invalid_request'],
    ['conditions that are no JSON', { conditions: '{' }, 400, 'invalid_request'],
    ['approval by nobody', { requires_approval: true, required_approvers: 0 }, 400, 'invalid_request'],
    ['a gateway of nowhere', { target_gateway_id: 'gw-1' }, 404, 'unknown_gateway'],
    ['an unknown field', { colour: 'red' }, 400, 'invalid_request'],
    ['a status that is none', { status: 'maybe' }, 400, 'invalid_request'],
  ])('refuse %s', async (_, change, status, code) => {
    const answer = await admin('POST', path, { ...document, ...change });
    expect(answer).toMatchObject({ status, body: { code } });
    expect((await admin('GET', path)).body.items).toEqual([]);
  });

  it('change in part, under If-Match, and raise the guards of both targets', async () => {
    const { id } = (await admin('POST', path, document)).body;
    world.at('2026-11-21T10:00:00.000Z');
    const guards = [await guardOf('staging'), await guardOf('production')];
    const stale = await admin('PATCH', `${path}/${id}`, { status: 'inactive' }, { 'If-Match': '"7"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition_failed', version: 1 } });
    const changed = await admin(
      'PATCH',
      `${path}/${id}`,
      { source_environment: 'staging', target_environment: 'production', conditions: null, reason: 'r' },
      { 'If-Match': '"1"' },
    );
    expect(changed).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: {
        name: document.name,
        target_environment: 'production',
        conditions: null,
        created_at: START,
        updated_at: '2026-11-21T10:00:00.000Z',
      },
    });
    expect([await guardOf('staging'), await guardOf('production')]).toEqual(guards.map((guard) => guard + 1));
    expect(await admin('PATCH', `${path}/${id}`, {}, { 'If-Match': 'nonsense' })).toMatchObject({
      status: 400,
    });
    expect(await admin('PATCH', `${path}/${id}`, {}, { 'If-Match': '*' })).toMatchObject({ status: 200 });
  });

  it('are deleted once, which raises the guard', async () => {
    const { id } = (await admin('POST', path, document)).body;
    const before = await guardOf('staging');
    expect(await admin('DELETE', `${path}/${id}`, undefined, { 'If-Match': '"9"' })).toMatchObject({
      status: 412,
    });
    expect(await admin('DELETE', `${path}/${id}`)).toMatchObject({ status: 204, body: null });
    expect(await guardOf('staging')).toBe(before + 1);
    expect(await admin('DELETE', `${path}/${id}`)).toMatchObject({ status: 404 });
    expect(await admin('GET', `${path}/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('are listed page by page', async () => {
    for (let n = 0; n < 5; n++) await admin('POST', path, { ...document, name: `rule ${n}` });
    const first = (await admin('GET', `${path}?limit=2`)).body;
    const second = (await admin('GET', `${path}?limit=2&cursor=${first.next_cursor}`)).body;
    const third = (await admin('GET', `${path}?limit=2&cursor=${second.next_cursor}`)).body;
    const names = [first, second, third].flatMap((page) =>
      page.items.map((rule: { name: string }) => rule.name),
    );
    expect(names.toSorted()).toEqual([0, 1, 2, 3, 4].map((n) => `rule ${n}`));
    expect(third.next_cursor).toBeNull();
  });

  it('are made once under one Idempotency-Key, also by two requests at once', async () => {
    const key = { 'Idempotency-Key': 'k-1' };
    const [one, two] = await Promise.all([
      admin('POST', path, document, key),
      admin('POST', path, document, key),
    ]);
    expect(two).toMatchObject({ status: 201, body: one.body });
    expect(await admin('POST', path, document, key)).toMatchObject({ status: 201, body: one.body });
    expect(await admin('POST', path, { ...document, name: 'other' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect((await admin('GET', path)).body.items).toHaveLength(1);
  });

  it('may make another one with the same key a day later', async () => {
    const key = { 'Idempotency-Key': 'k-1' };
    await admin('POST', path, document, key);
    world.at('2026-11-22T09:00:00.001Z');
    expect((await admin('POST', path, document, key)).body.id).toBe('rule-0002');
  });
});
