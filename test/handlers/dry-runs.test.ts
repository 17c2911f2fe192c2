import { describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { everythingIn, memoryStores } from '../support/replayed-stores.ts';
import { createWorld } from './api-world.ts';
import { admitAll, furnish } from './furniture.ts';
import { type Operation, operations } from './operations.ts';

/** A furnished world in memory, with a member who has every role, and all that leaves it counted. */
async function worldToTry() {
  const world = await createWorld(memoryStores);
  const there = await furnish(world);
  await admitAll(world);
  const left: string[] = [];
  const leaving = (name: string) => async (): Promise<never> => {
    left.push(name);
    throw new Error(`${name} was called`);
  };
  Object.assign(world.deps, {
    workflow: { start: leaving('start'), wake: leaving('wake') },
    bus: { publish: leaving('publish') },
    scheduler: { put: leaving('timer'), remove: leaving('timer') },
  });
  const send = ({ endpoint, path, ...call }: Operation, dry_run: boolean) =>
    world.send({
      method: endpoint.method,
      path: dry_run ? `${path}${path.includes('?') ? '&' : '?'}dry_run=true` : path,
      signer: { sub: 'all' },
      ...('body' in call ? { body: call.body } : {}),
    });
  const named = (operation: string): Operation => {
    const found = operations(there).find(({ endpoint }) => endpoint.operation === operation);
    if (found === undefined) throw new Error(operation);
    return found;
  };
  return { world, left, named, send };
}

const TRYABLE = ENDPOINTS.filter(({ dry_run }) => dry_run).map(({ operation }) => operation);

describe('a dry run', () => {
  it('exists for what the command line tries', () => {
    expect(TRYABLE).toEqual(
      expect.arrayContaining([
        ...['putConfig', 'deleteConfig', 'putFlag', 'deleteFlag', 'editConfigBatch'],
        ...['importConfig', 'commitConfigImport'],
        ...['lockEnvironment', 'unlockEnvironment', 'lockTenant', 'unlockTenant'],
        ...['approvePromotion', 'rejectPromotion', 'executePromotion', 'cancelPromotion'],
        ...['createRule', 'updateRule', 'patchRule', 'deleteRule', 'createFlagKey', 'deleteFlagKey'],
      ]),
    );
  });

  it.each(TRYABLE)('of %s answers as the operation would, and leaves every byte as it was', async (name) => {
    const { world, left, named, send } = await worldToTry();
    const operation = named(name);
    const before = everythingIn(world.deps);
    const tried = await send(operation, true);
    expect(left).toEqual([]);
    expect(everythingIn(world.deps)).toBe(before);
    Object.assign(world.deps, HEARD);
    const real = await send(operation, false);
    expect({ status: tried.status, code: tried.body?.code }).toEqual({
      status: statusTried(operation, real.status),
      code: real.body?.code,
    });
    const idle = real.status >= 300 || UNCHANGING.includes(name);
    expect(everythingIn(world.deps) === before).toBe(idle);
  });

  it.each([
    ['unlockEnvironment', 'lockEnvironment'],
    ['unlockTenant', 'lockTenant'],
  ])('of %s leaves a lock', async (unlock, lock) => {
    const { world, named, send } = await worldToTry();
    Object.assign(world.deps, HEARD);
    expect((await send(named(lock), false)).status).toBe(200);
    const before = everythingIn(world.deps);
    const { status, body } = await send(named(unlock), true);
    expect({ status, lock: body.lock }).toEqual({ status: 200, lock: null });
    expect(everythingIn(world.deps)).toBe(before);
    // Locked as it is, locking is refused, tried or not.
    for (const dry_run of [true, false]) expect((await send(named(lock), dry_run)).body.code).toBe('locked');
    expect((await send(named(unlock), false)).body.lock).toBeNull();
    expect(everythingIn(world.deps)).not.toBe(before);
  });

  it.each([
    ['a person without the role', 'viewer', {}, 403, 'not_authorized'],
    [
      'a root that is not there any more',
      'dev',
      { 'if-match': `"sha256:${'0'.repeat(64)}"` },
      412,
      'precondition_failed',
    ],
  ] as const)('of an edit refuses %s as the edit does', async (_, who, headers, status, code) => {
    const world = await createWorld(memoryStores);
    await furnish(world);
    const path = '/api/v1/config/environments/staging/batch';
    const body = { put: [{ kind: 'config', key: 'a.b', value: 1 }] };
    for (const query of ['?dry_run=true', ''])
      expect(await world.as(who)('POST', path + query, body, headers)).toMatchObject({
        status,
        body: { code },
      });
  });

  it('of an edit knows the lock and the protection of its environment', async () => {
    const { world } = await worldToTry();
    Object.assign(world.deps, HEARD);
    const edit = (query: string, body: object) =>
      world.as('admin')('PUT', `/api/v1/config/environments/production/configs/a.b${query}`, body);
    expect((await edit('', { value: 0, reason: 'so that production holds something' })).status).toBe(200);
    const codes = async (body: object) => {
      const [tried, real] = [await edit('?dry_run=true', body), await edit('', body)];
      expect(tried.body.code).toBe(real.body.code);
      return real.body.code;
    };
    expect(await codes({ value: 1 })).toBe('protected');
    await world.as('admin')('POST', '/api/v1/environments/production/lock', { reason: 'incident' });
    expect(await codes({ value: 1, reason: 'as agreed' })).toBe('locked');
  });

  it('is not an answer that a repeated request gets', async () => {
    const { world } = await worldToTry();
    const body = { name: 'again', source_environment: 'dev', target_environment: 'staging' };
    const create = (query: string, key: string) =>
      world.as('admin')('POST', `/api/v1/promotions/rules${query}`, body, { 'idempotency-key': key });
    expect((await create('?dry_run=true', 'one')).status).toBe(200);
    const made = await create('', 'one');
    expect(made.status).toBe(201);
    expect(made.headers['idempotency-replayed']).toBeUndefined();
    expect((await create('?dry_run=true', 'one')).body.code).toBe('idempotency_key_reused');
  });

  it.each(['maybe', '', '1'])('is not asked for by dry_run=%j', async (said) => {
    const { world } = await worldToTry();
    const before = everythingIn(world.deps);
    const path = `/api/v1/config/environments/staging/configs/a.b?dry_run=${said}`;
    expect(await world.as('dev')('PUT', path, { value: 1 })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', errors: [{ field: 'dry_run' }] },
    });
    expect(everythingIn(world.deps)).toBe(before);
  });

  it('is refused by what has none', async () => {
    const { named, send } = await worldToTry();
    expect((await send(named('validatePromotion'), true)).status).toBe(400);
  });
});

/** What leaves by the ports of the outbox goes nowhere. */
const HEARD = {
  workflow: { start: async () => 'started', wake: async () => 'woken' },
  bus: { publish: async () => {} },
  scheduler: { put: async () => {}, remove: async () => {} },
};

/** Operations whose call finds things as it wants them. */
const UNCHANGING = [
  ...['unschedulePromotion', 'unscheduleConfigPromotion', 'unlockEnvironment', 'unlockTenant'],
  ...['updateEnvironment', 'patchEnvironment'],
];

/** Nothing was made and nothing runs; a change that would wait for a second admin says so. */
function statusTried({ endpoint }: Operation, real: number): number {
  if (real === 201) return 200;
  return real === 202 && endpoint.accepted === undefined ? 200 : real;
}
