import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, createWorld, START, type World } from './api-world.ts';
import { running } from './running.ts';

const path = '/api/v1/environments';
let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);

beforeEach(async () => {
  world = await createWorld();
});

describe('environments', () => {
  it('are the default pipeline for a new tenant, in order', async () => {
    const list = await world.as('viewer')('GET', path);
    expect(list.body.items).toMatchObject([
      { name: 'development', aliases: ['dev'], tag_suffix: 'dev', protected: false, lock: null },
      { name: 'staging', aliases: ['stg'], tag_suffix: 'staging', protected: false },
      { name: 'production', aliases: ['prod'], tag_suffix: 'prod', protected: true },
    ]);
    expect(list.body.items[0]).not.toHaveProperty('guard');
    expect(await world.as('viewer')('GET', `${path}/prod`)).toMatchObject({
      status: 200,
      body: { name: 'production' },
    });
  });

  it('come page by page too', async () => {
    const first = (await admin('GET', `${path}?limit=2`)).body;
    const second = (await admin('GET', `${path}?limit=2&cursor=${first.next_cursor}`)).body;
    const names = [first, second].map(({ items }) => items.map(({ name }: { name: string }) => name));
    expect(names).toEqual([['development', 'staging'], ['production']]);
    expect(second.next_cursor).toBeNull();
  });

  it('are added at the end, or at a rank, with the policy gate first', async () => {
    const added = await admin('POST', path, {
      name: 'canary',
      aliases: ['can'],
      rank: 5,
      gates: { tests: true, soak: false },
    });
    expect(added).toMatchObject({
      status: 201,
      headers: { location: `${path}/canary` },
      body: {
        rank: 5,
        tag_suffix: 'canary',
        gates: [
          { name: 'policy_compliance', mode: 'block', applies_to: ['config', 'artifact', 'agent'] },
          { name: 'tests', mode: 'block', applies_to: ['config', 'artifact', 'agent'] },
        ],
      },
    });
    expect((await admin('POST', path, { name: 'last' })).body.rank).toBe(6);
  });

  it('take each gate by a word: it blocks, it advises, it is off', async () => {
    const modes = async (signature: unknown) => {
      const changed = { gates: { signature }, reason: 'another policy' };
      const { status, body } = await admin('PATCH', `${path}/staging`, changed);
      if (status !== 200) return body.code;
      return body.gates.slice(1).map(({ mode }: { mode: string }) => mode);
    };
    expect(await modes('enforce')).toEqual(['block']);
    expect(await modes('warn')).toEqual(['warn']);
    expect(await modes('off')).toEqual([]);
    expect(await modes(true)).toEqual(['block']);
    expect(await modes('maybe')).toBe('invalid_request');
    const policy = await admin('PATCH', `${path}/staging`, { gates: { policy_compliance: 'off' } });
    expect(policy).toMatchObject({ status: 400 });
  });

  it('have at most 50 gates, listed or as a map, asked for or only looked at, and go back as they came', async () => {
    const map = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`g${n}`, 'warn']));
    const list = Object.keys(map(50)).map((name) => ({ name, mode: 'warn' }));
    for (const gates of [map(50), list]) {
      const patched = await admin('PATCH', `${path}/staging`, { gates, reason: 'many' });
      expect(patched).toMatchObject({ status: 400, body: { errors: [{ field: 'gates' }] } });
      expect((await admin('POST', `${path}/staging/what-if`, { gates })).status).toBe(400);
    }
    expect((await admin('PATCH', `${path}/staging`, { gates: map(49), reason: 'many' })).status).toBe(200);
    const { gates } = (await admin('GET', `${path}/staging`)).body;
    expect(gates).toHaveLength(50);
    expect((await admin('PATCH', `${path}/staging`, { gates, reason: 'as it is' })).status).toBe(200);
  });

  it('keep gates in the order given, with what was asked for', async () => {
    const gates = [
      { name: 'soak', max_age: 'P1D' },
      { name: 'cost_analysis' },
      { name: 'custom', mode: 'warn', applies_to: ['agent'], thresholds: { field: 'x', op: 'lt', value: 3 } },
    ];
    const { body } = await admin('PATCH', `${path}/staging`, { gates, reason: 'other gates' });
    expect(body.gates).toEqual([
      { name: 'policy_compliance', mode: 'block', applies_to: ['config', 'artifact', 'agent'] },
      { name: 'soak', mode: 'block', applies_to: ['config', 'artifact', 'agent'], max_age: 'P1D' },
      { name: 'cost_analysis', mode: 'warn', applies_to: ['config', 'artifact', 'agent'] },
      gates[2],
    ]);
    expect((await admin('PATCH', `${path}/staging`, { protected: true })).body.gates).toEqual(body.gates);
  });

  it.each([
    ['a name that is taken', { name: 'staging' }, 409, 'conflict'],
    ['a name that is an alias', { name: 'prod' }, 409, 'conflict'],
    ['an alias that is taken', { name: 'qa', aliases: ['dev'] }, 409, 'conflict'],
    ['a rank that is taken', { name: 'qa', rank: 2 }, 409, 'conflict'],
    ['a tag suffix that is taken', { name: 'qa', tag_suffix: 'prod' }, 409, 'conflict'],
    ['a word of the API', { name: 'history' }, 400, 'reserved_name'],
    ['an alias twice', { name: 'qa', aliases: ['q', 'q'] }, 400, 'invalid_request'],
    [
      'the policy gate turned off',
      { name: 'qa', gates: { policy_compliance: false } },
      400,
      'invalid_request',
    ],
    [
      'the policy gate weakened',
      { name: 'qa', gates: [{ name: 'policy_compliance', mode: 'warn' }] },
      400,
      'invalid_request',
    ],
    [
      'the policy gate narrowed',
      { name: 'qa', gates: [{ name: 'policy_compliance', applies_to: ['agent'] }] },
      400,
      'invalid_request',
    ],
    ['a gate twice', { name: 'qa', gates: [{ name: 'x' }, { name: 'x' }] }, 400, 'invalid_request'],
    [
      'thresholds that are none',
      { name: 'qa', gates: [{ name: 'x', thresholds: { a: 1 } }] },
      400,
      'invalid_request',
    ],
    ['a separator in the name', { name: 'a#b' }, 400, 'invalid_request'],
    [
      'a max_age that is no duration',
      { name: 'qa', gates: [{ name: 'x', max_age: 'a week' }] },
      400,
      'invalid_request',
    ],
  ])('refuse %s', async (_, body, status, code) => {
    expect(await admin('POST', path, body)).toMatchObject({ status, body: { code } });
    expect((await admin('GET', path)).body.items).toHaveLength(3);
  });

  it('say whether taking something back needs approval, until they say nothing of it again', async () => {
    const change = async (body: object) => (await admin('PATCH', `${path}/staging`, body)).body.rollback;
    expect(await change({ rank: 2 })).toBeNull();
    expect(await change({ rollback: { requires_approval: true } })).toEqual({ requires_approval: true });
    expect(await change({ rank: 2 })).toEqual({ requires_approval: true });
    expect(await change({ rollback: null, reason: 'as promotions do' })).toBeNull();
  });

  it('refuse to be renamed, and honour If-Match', async () => {
    expect(await admin('PATCH', `${path}/staging`, { name: 'stage' })).toMatchObject({
      status: 409,
      body: { code: 'immutable' },
    });
    expect(
      await admin('PATCH', `${path}/stg`, { name: 'staging', tag_suffix: 'stg', reason: 'r' }),
    ).toMatchObject({
      status: 200,
    });
    expect(await admin('PATCH', `${path}/staging`, { rank: 9 }, { 'if-match': '"1"' })).toMatchObject({
      status: 412,
    });
    expect(await admin('PATCH', `${path}/staging`, { rank: 3 })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
  });

  it('are deleted while nothing is there, and never the last one', async () => {
    await running(world, 'staging', 'gw-1');
    expect(await admin('DELETE', `${path}/staging`)).toMatchObject({ status: 409, body: { code: 'in_use' } });
    await admin('POST', '/api/v1/gateways', { id: 'gw-2', environment: 'production' });
    expect(await admin('DELETE', `${path}/production`)).toMatchObject({
      status: 409,
      body: { code: 'in_use', gateway_id: 'gw-2' },
    });
    await admin('DELETE', '/api/v1/gateways/gw-2?reason=gone');
    expect(await admin('DELETE', `${path}/production`)).toMatchObject({ status: 204 });
    expect(await admin('DELETE', `${path}/development`)).toMatchObject({ status: 204 });
    expect(await admin('DELETE', `${path}/staging`)).toMatchObject({
      status: 409,
      body: { code: 'in_use', detail: 'staging is the only environment' },
    });
  });

  it('are not deleted while an active rule names them', async () => {
    const rule = { name: 'r', source_environment: 'staging', target_environment: 'production' };
    const { id } = (await admin('POST', '/api/v1/promotions/rules', rule)).body;
    expect(await admin('DELETE', `${path}/production`)).toMatchObject({ status: 409, body: { rule_id: id } });
    await admin('DELETE', `/api/v1/promotions/rules/${id}`);
    expect(await admin('DELETE', `${path}/production`)).toMatchObject({ status: 204 });
  });

  it('are locked with a reason, which raises the guard, and unlocked', async () => {
    const before = await world.deps.catalog.item(ACME, 'environment', 'production');
    expect(await admin('POST', `${path}/prod/lock`, {})).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }] },
    });
    const locked = await admin('POST', `${path}/prod/lock`, { reason: 'incident 7' });
    expect(locked).toMatchObject({
      status: 200,
      body: { lock: { reason: 'incident 7', by: 'admin', at: START } },
    });
    expect((await world.deps.catalog.item(ACME, 'environment', 'production'))?.guard).toBe(
      (before?.guard ?? 0) + 1,
    );
    expect(await admin('POST', `${path}/prod/lock`, { reason: 'again' })).toMatchObject({
      status: 423,
      body: { code: 'locked' },
    });
    expect(await admin('POST', `${path}/prod/unlock`, { reason: 'over' })).toMatchObject({
      status: 200,
      body: { lock: null, version: 3 },
    });
    expect(await admin('POST', `${path}/prod/unlock`, { reason: 'once more' })).toMatchObject({
      status: 200,
      body: { lock: null, version: 3 },
    });
  });

  it('let one of two changes of the pipeline through when both want one rank', async () => {
    const [one, two] = await Promise.all([
      admin('POST', path, { name: 'qa', rank: 7 }),
      admin('POST', path, { name: 'uat', rank: 7 }),
    ]);
    expect([one.status, two.status].toSorted()).toEqual([201, 409]);
    const [three, four] = await Promise.all([
      admin('PATCH', `${path}/development`, { aliases: ['x'] }),
      admin('PATCH', `${path}/staging`, { aliases: ['x'] }),
    ]);
    expect([three.status, four.status].toSorted()).toEqual([200, 409]);
  });
});
