import { beforeEach, describe, expect, it } from 'vitest';
import { type ExportItem, exportLine } from '../../functions/domain/audit/export-item.ts';
import { recordedEnvironment } from '../../functions/domain/audit/recorded.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import { digest } from '../../functions/domain/digest.ts';
import { ACME, createWorld, START, type World } from './api-world.ts';

const path = '/api/v1/environments';
let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
/** What founded the world: two changes of Sluice itself. */
const FOUNDED = 2;
const byPeople = ({ actor }: { actor: { kind: string } }) => actor.kind !== 'system';
const changes = async (query = '') =>
  (await admin('GET', `/api/v1/audit/changes?${query}`)).body.items.filter(byPeople);
const stored = async (name: string) => {
  const environment = await world.deps.catalog.item(ACME, 'environment', name);
  if (environment === undefined) throw new Error(`no ${name}`);
  return digest('sluice/catalog/v1', recordedEnvironment(environment));
};

beforeEach(async () => {
  world = await createWorld();
});

describe('the record of changes', () => {
  it('says who locked and unlocked, when, why, and what stood before and after', async () => {
    const open = await stored('production');
    await admin('POST', `${path}/production/lock`, { reason: 'incident' });
    const locked = await stored('production');
    world.at('2026-11-21T10:00:00.000Z');
    await admin('POST', `${path}/prod/unlock`, { reason: 'over' });
    const actor = expect.objectContaining({ email: 'admin@acme.com' });
    const target = { type: 'environment', id: 'production' };
    expect(await changes()).toMatchObject([
      {
        seq: FOUNDED + 2,
        at: '2026-11-21T10:00:00.000Z',
        actor,
        action: 'unlock',
        target,
        reason: 'over',
        before: locked,
      },
      {
        seq: FOUNDED + 1,
        at: START,
        actor,
        action: 'lock',
        target,
        reason: 'incident',
        before: open,
        after: locked,
      },
    ]);
  });

  it('holds a lock of everything once, however many environments there are', async () => {
    await admin('POST', `${path}/*/lock`, { reason: 'all' });
    await admin('POST', `${path}/*/lock`, { reason: 'again' });
    await admin('POST', `${path}/*/unlock`, { reason: 'over' });
    await admin('POST', `${path}/*/unlock`, { reason: 'over' });
    const target = { type: 'environment', id: '*' };
    expect(await changes('id=*')).toMatchObject([
      { action: 'unlock', target, reason: 'over', after: null },
      { action: 'lock', target, reason: 'all', before: null },
    ]);
  });

  it('holds freezes, rules, policies, gateways and environments, and nothing of what was refused or changed nothing', async () => {
    const window = { reason: 'fair', starts_at: '2026-12-24T00:00:00Z', ends_at: '2026-12-27T00:00:00Z' };
    const freeze = (await admin('POST', `${path}/production/freezes`, window)).body.id;
    await admin('PATCH', `${path}/production/freezes/${freeze}`, { reason: 'longer fair' });
    await admin('DELETE', `${path}/production/freezes/${freeze}?reason=over`);
    await admin('POST', path, { name: 'qa' });
    await admin('PATCH', `${path}/qa`, { protected: true });
    await admin('DELETE', `${path}/qa`);
    const policy = (await admin('POST', '/api/v1/approval-policies', { name: 'p', environments: ['*'] })).body
      .id;
    await admin('PATCH', `/api/v1/approval-policies/${policy}`, { required_approvers: 2 });
    await admin('DELETE', `/api/v1/approval-policies/${policy}?reason=over`);
    const sides = { source_environment: 'development', target_environment: 'staging' };
    const rule = (await admin('POST', '/api/v1/promotions/rules', { name: 'r', ...sides })).body.id;
    await admin('PATCH', `/api/v1/promotions/rules/${rule}`, { name: 's' });
    await admin('DELETE', `/api/v1/promotions/rules/${rule}`);
    await admin('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
    await admin('PATCH', '/api/v1/gateways/gw-1', { status: 'inactive' });
    await admin('DELETE', '/api/v1/gateways/gw-1?reason=over');
    await admin('POST', `${path}/production/unlock`, { reason: 'over' });
    await world.as('dev')('POST', `${path}/production/lock`, { reason: 'no' });
    const [create, update, remove] = ['create', 'update', 'delete'];
    const told = (await changes())
      .toReversed()
      .map((one: { action: string; target: { type: string } }) => [one.target.type, one.action]);
    expect(told).toEqual(
      ['freeze', 'environment', 'policy', 'rule', 'gateway'].flatMap((type) => [
        [type, create],
        [type, update],
        [type, remove],
      ]),
    );
    const [deleted, updated, created] = await changes('type=freeze');
    expect(created).toMatchObject({ before: null, reason: 'fair' });
    expect([updated.before, deleted.before, deleted.after]).toEqual([created.after, updated.after, null]);
    expect(await changes(`type=rule&id=${rule}&person=ADMIN@acme.com&from=${START}`)).toHaveLength(3);
    expect(await changes(`before=${START}`)).toEqual([]);
  });

  it('is one chain whoever comes at once, each with the change that it tells of', async () => {
    const names = ['development', 'staging', 'production'];
    await Promise.all([
      ...names.map((name) => admin('POST', `${path}/${name}/lock`, { reason: name })),
      admin('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' }),
    ]);
    expect((await changes()).map(({ seq }: { seq: number }) => seq)).toEqual([6, 5, 4, 3]);
    for (const name of names)
      expect((await admin('GET', `${path}/${name}`)).body.lock).toMatchObject({ reason: name });
  });

  it('is of its own tenant, and for auditors', async () => {
    await admin('POST', `${path}/production/lock`, { reason: 'incident' });
    expect((await world.as('dev')('GET', '/api/v1/audit/changes')).status).toBe(403);
    const foreign = (await world.as('carol')('GET', '/api/v1/audit/changes')).body.items;
    expect(foreign.filter(byPeople)).toEqual([]);
  });

  it('is verified offline with all the rest: a lock that is taken out of it, or told otherwise, is named', async () => {
    await admin('POST', `${path}/production/lock`, { reason: 'incident' });
    await admin('POST', `${path}/production/unlock`, { reason: 'over' });
    const { public_key, next_cursor: _, ...signed } = (await admin('GET', '/api/v1/audit/checkpoint')).body;
    const items: ExportItem[] = [signed];
    for (let cursor = ''; ; ) {
      const { body } = await admin('GET', `/api/v1/audit/export?limit=1${cursor}`);
      items.push(...body.items);
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    const lines = items.map(exportLine);
    expect(verifyExport(lines, public_key)).toMatchObject({ problems: [], entries: FOUNDED + 2, chains: 1 });
    const named = (changed: readonly string[]) =>
      verifyExport(changed, public_key).problems.map(({ item }) => item);
    const [lock = '', unlock = ''] = lines.slice(1 + FOUNDED);
    const told = (from: string, to: string) => lines.map((line) => (line === from ? to : line));
    expect(named(lines.filter((line) => line !== lock))).toEqual(['changes change 3']);
    expect(named(lines.filter((line) => line !== unlock))).toEqual(['changes change 4']);
    expect(named(told(lock, lock.replace('"reason":"incident","seq"', '"reason":"drill","seq"')))).toEqual([
      'changes change 3',
    ]);
    for (const [from, to] of [
      ['"rank":3', '"rank":2'],
      ['"reason":"incident"},', '"reason":"drill"},'],
    ] as const) {
      expect(unlock).toContain(from);
      expect(named(told(unlock, unlock.replace(from, to)))).toEqual(['changes change 4']);
    }
  });
});
