import { beforeEach, describe, expect, it } from 'vitest';
import { everythingIn } from '../support/replayed-stores.ts';
import { artifactWorld } from './artifacts-world.ts';

const one = artifactWorld();
const promotions = '/api/v1/promotions';
const byName = '/api/v1/artifacts/platform/rollback';
const [dev, admin, carol] = (['dev', 'admin', 'carol'] as const).map(
  (name): ReturnType<typeof one.as> =>
    (...call) =>
      one.as(name)(...call),
);
if (dev === undefined || admin === undefined || carol === undefined) throw new Error('nobody is there');
const head = () =>
  one.world.deps.heads.read('acme', {
    subject: { kind: 'artifact', name: 'platform' },
    environment: 'staging',
  });
const stateOf = async (id: string) => (await dev('GET', `${promotions}/${id}`)).body;
const lock = async () => {
  const locked = await admin('POST', '/api/v1/environments/staging/lock', { reason: 'incident' });
  expect(locked, JSON.stringify(locked.body)).toMatchObject({ status: 200 });
};

let first: string;
let second: string;
let before: string;
beforeEach(async () => {
  await admin('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
  one.world.at('2026-11-21T10:00:00.000Z');
  first = await promoted('v1.2.2');
  before = (await head())?.digest ?? '';
  second = await promoted('v1.2.3');
});

async function promoted(version: string): Promise<string> {
  await one.published(version);
  const made = await dev?.('POST', promotions, { version, target_environment: 'staging' });
  expect(made, JSON.stringify(made?.body)).toMatchObject({ status: 201 });
  await one.world.run(made?.body.id);
  return String(made?.body.id);
}

/** The ways to ask for the same: to what was before `second`. */
const WAYS: readonly (readonly [string, () => string, object])[] = [
  ['by the name and a version', () => byName, { environment: 'staging', version: 'v1.2.2' }],
  ['by the name and a revision', () => byName, { environment: 'staging', to_revision: 1 }],
  ['by a promotion, mode restore', () => `${promotions}/${second}/rollback`, { mode: 'restore' }],
  ['by a promotion, mode revert', () => `${promotions}/${second}/rollback`, { mode: 'revert' }],
  ['by a promotion and a revision', () => `${promotions}/${second}/rollback`, { to_revision: 1 }],
];

describe.each(WAYS)('a rollback of an artifact %s', (_, path, said) => {
  const back = { ...said, reason: 'errors rise', acknowledge_risk: true };

  it('is nothing that another tenant finds, tries or changes', async () => {
    const kept = everythingIn(one.world.deps);
    const expected = { status: 404, body: { code: 'not_found' } };
    for (const query of ['', '?dry_run=true']) {
      const answer = await carol('POST', `${path()}${query}`, back);
      expect(answer, JSON.stringify(answer.body)).toMatchObject(expected);
    }
    expect(everythingIn(one.world.deps)).toBe(kept);
  });

  it('is one for an Idempotency-Key, answered the same, also when it is done', async () => {
    const keyed = (body: object) => dev('POST', path(), body, { 'idempotency-key': 'back-0001' });
    const made = await keyed(back);
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201, body: { type: 'rollback' } });
    const kept = everythingIn(one.world.deps);
    expect(await keyed(back)).toMatchObject({ status: 201, body: made.body });
    expect(everythingIn(one.world.deps)).toBe(kept);
    expect(await keyed({ ...back, reason: 'another' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    await one.world.run(made.body.id);
    expect(await keyed(back)).toMatchObject({ status: 201, body: { id: made.body.id } });
    expect(await head()).toMatchObject({ digest: before, revision: 3 });
    expect((await stateOf(second)).status).toBe('rolled_back');
  });

  it('is not asked for during a lock, and does not run during one that came later', async () => {
    const made = await dev('POST', path(), back);
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    await lock();
    await one.world.run(made.body.id).catch(() => undefined);
    expect(await head()).toMatchObject({ revision: 2 });
    expect(await stateOf(made.body.id)).toMatchObject({ status: 'blocked', blocked_by: ['locked'] });
    await dev('DELETE', `${promotions}/${made.body.id}`);
    expect(await dev('POST', path(), back)).toMatchObject({ status: 423, body: { code: 'locked' } });
  });

  it('that fails is tried again, to the same, and takes the same back', async () => {
    const made = await dev('POST', path(), back);
    one.through = (exchange) => async (request) => {
      const response = await exchange(request);
      return request.method === 'PUT' ? { ...response, status: 403 } : response;
    };
    await one.world.run(made.body.id).catch(() => undefined);
    one.through = (exchange) => exchange;
    expect(await stateOf(made.body.id)).toMatchObject({ status: 'failed' });
    expect(await head()).toMatchObject({ revision: 2 });
    const again = await dev('POST', `${promotions}/${made.body.id}/retry`, { acknowledge_risk: true });
    expect(again, JSON.stringify(again.body)).toMatchObject({ status: 201, body: { type: 'rollback' } });
    await one.world.run(again.body.id);
    expect(await head()).toMatchObject({ digest: before, revision: 3 });
    expect([(await stateOf(first)).status, (await stateOf(second)).status]).toEqual([
      'completed',
      'rolled_back',
    ]);
  });

  it('of two at once with two keys is one', async () => {
    const asked = (key: string) => dev('POST', path(), back, { 'idempotency-key': key });
    const answers = await Promise.all([asked('back-0001'), asked('back-0002')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});
