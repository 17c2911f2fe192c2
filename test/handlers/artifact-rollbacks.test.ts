import { beforeEach, describe, expect, it } from 'vitest';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { createPromotion } from '../../functions/use-cases/promotions/create.ts';
import { artifactWorld } from './artifacts-world.ts';

const one = artifactWorld();
const promotions = '/api/v1/promotions';
const path = '/api/v1/artifacts/platform/rollback';
const as =
  (name: 'dev' | 'alice' | 'admin' | 'viewer'): ReturnType<typeof one.as> =>
  (...call) =>
    one.as(name)(...call);
const [dev, admin] = [as('dev'), as('admin')];
const digestOf = async (tag: string, registry = one.main) =>
  (await one.at(registry, one.path()).resolve(tag))?.digest;
const head = () =>
  one.world.deps.heads.read('acme', {
    subject: { kind: 'artifact', name: 'platform' },
    environment: 'staging',
  });

beforeEach(async () => {
  await admin('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
  // What was weakened in the very moment of a request holds the request.
  one.world.at('2026-11-21T10:00:00.000Z');
});

async function promoted(version: string, over: object = {}) {
  const pushed = await one.published(version);
  const made = await dev('POST', promotions, { version, target_environment: 'staging', ...over });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  await one.world.run(made.body.id);
  return { ...pushed, id: String(made.body.id) };
}

const back = { environment: 'staging', version: 'v1.2.2', reason: 'errors rise' };

describe('a rollback', () => {
  it('goes back to a version that the environment had: a new revision under its own tag, and the promotion is undone', async () => {
    const before = await promoted('v1.2.2');
    const after = await promoted('v1.2.3');
    const made = await dev('POST', path, back);
    expect(made, JSON.stringify(made.body)).toMatchObject({
      status: 201,
      body: {
        type: 'rollback',
        artifact_version: 'v1.2.2',
        impact: {
          recommendation: 'SAFE',
          from_version: '1.2.3',
          to_version: '1.2.2',
          later_promotions_undone: [],
        },
      },
    });
    await one.world.run(made.body.id);
    const { body } = await dev('GET', `${promotions}/${made.body.id}`);
    expect(body, JSON.stringify(body.failure)).toMatchObject({ status: 'completed' });
    expect(await digestOf('v1.2.2-staging-rollback')).toBe(before.root);
    expect(await digestOf('latest-staging')).toBe(before.root);
    expect(await digestOf('v1.2.3-staging')).toBe(after.root);
    expect(await head()).toMatchObject({ digest: before.root, revision: 3 });
    expect((await dev('GET', `${promotions}/${after.id}`)).body.status).toBe('rolled_back');
    expect((await dev('GET', `${promotions}/${before.id}`)).body.status).toBe('completed');
  });

  it('without a version goes back to the one before, and forward again by another promotion', async () => {
    const before = await promoted('v1.2.2');
    await promoted('v1.2.3');
    const made = await dev('POST', path, { environment: 'stg' });
    expect(made.body).toMatchObject({ artifact_version: 'v1.2.2' });
    await one.world.run(made.body.id);
    expect((await head())?.digest).toBe(before.root);
    const again = await dev('POST', promotions, { version: 'v1.2.3', target_environment: 'staging' });
    await one.world.run(again.body.id);
    expect((await dev('GET', `${promotions}/${again.body.id}`)).body).toMatchObject({ status: 'completed' });
    expect((await head())?.revision).toBe(4);
  });

  it('is only tried by a dry run: nothing changes, to the byte', async () => {
    await promoted('v1.2.2');
    await promoted('v1.2.3');
    const seen = async () =>
      JSON.stringify([
        await head(),
        await one.at(one.main, one.path()).tags(),
        (await dev('GET', promotions)).body,
      ]);
    const before = await seen();
    const tried = await dev('POST', `${path}?dry_run=true`, back);
    expect(tried).toMatchObject({ status: 200, body: { impact: { recommendation: 'SAFE' } } });
    expect(await seen()).toBe(before);
  });

  it('to a version that the environment never had is refused with those that it had', async () => {
    await promoted('v1.2.2');
    await promoted('v1.2.3');
    await one.published('v1.2.4');
    const refused = { status: 409, body: { code: 'source_not_deployed', available: ['v1.2.2'] } };
    expect(await dev('POST', path, { ...back, version: 'v1.2.4' })).toMatchObject(refused);
    expect(await dev('POST', path, { ...back, version: 'v1.2.3' })).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_promote' },
    });
    const tried = await dev('POST', `${path}?dry_run=true`, { ...back, version: 'v1.2.4' });
    expect(tried).toMatchObject({
      status: 200,
      body: { would_be: null, impact: { recommendation: 'BLOCKED', revisions: [{ version: 'v1.2.2' }] } },
    });
  });

  it('that takes back more than one promotion, breaks a pin or changes the major is risky, and says why', async () => {
    await promoted('v1.2.2');
    await promoted('v1.2.3');
    await promoted('v2.0.0');
    const consumer = { name: 'orders', environment: 'staging', artifact: 'platform', constraint: '>=1.2.3' };
    const made = await admin('POST', '/api/v1/consumers', consumer);
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    const refused = await dev('POST', path, back);
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'risk_not_acknowledged',
        reason_codes: ['breaking_changes', 'consumers_unsatisfied', 'later_promotions_undone'],
      },
    });
    const { impact } = (await dev('POST', `${path}?dry_run=true`, back)).body;
    expect(impact).toMatchObject({
      affected_consumers: [{ name: 'orders', constraint: '>=1.2.3', satisfied: false }],
      breaking_changes: [{ from: '2.0.0', to: '1.2.2', change: 'major_version' }],
      estimated_downtime_seconds: { median: 0, p90: 0 },
    });
    const risked = await dev('POST', path, { ...back, acknowledge_risk: true });
    expect(risked).toMatchObject({ status: 201 });
    await one.world.run(risked.body.id);
    const undone = (await dev('GET', `${promotions}?status=rolled_back`)).body.items;
    expect(undone).toHaveLength(2);
  });

  it('names the gates of today that the version would not pass', async () => {
    await promoted('v1.2.2');
    await promoted('v1.2.3');
    await admin('PATCH', '/api/v1/environments/staging', { gates: { tests: true } });
    const { impact } = (await dev('POST', `${path}?dry_run=true`, back)).body;
    expect(impact.reason_codes).toContain('policy_incompatible');
    expect(impact.policy_compatibility).toContainEqual(
      expect.objectContaining({ name: 'tests', mode: 'block', status: 'FAILED' }),
    );
  });

  it('goes to the registries that the active version was synced to', async () => {
    const before = await promoted('v1.2.2', { sync_registries: true });
    await promoted('v1.2.3', { sync_registries: true });
    const made = await dev('POST', path, back);
    await one.world.run(made.body.id);
    expect(await digestOf('latest-staging', one.dr)).toBe(before.root);
    expect(await digestOf('v1.2.2-staging-rollback', one.dr)).toBe(before.root);
  });

  it('is refused during a lock, and to who may not roll back', async () => {
    await promoted('v1.2.2');
    await promoted('v1.2.3');
    expect(await as('viewer')('POST', path, back)).toMatchObject({ status: 403 });
    await admin('POST', '/api/v1/environments/staging/lock', { reason: 'incident' });
    expect(await dev('POST', path, back)).toMatchObject({ status: 423, body: { code: 'locked' } });
  });

  it('of two at once is one', async () => {
    const before = await promoted('v1.2.2');
    await promoted('v1.2.3');
    const answers = await Promise.all([dev('POST', path, back), dev('POST', path, back)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const [made] = answers.filter(({ status }) => status === 201);
    await Promise.all([1, 2, 3].map(() => one.world.run(made?.body.id).catch(() => undefined)));
    expect(await head()).toMatchObject({ digest: before.root, revision: 3 });
    expect((await head())?.claim).toBeUndefined();
  });

  it('holds automatic promotion of the artifact there from its completion on, until a person promotes it again', async () => {
    const held = () =>
      one.world.deps.promotions.onHold('acme', { kind: 'artifact', name: 'platform' }, 'staging');
    await promoted('v1.2.2');
    await promoted('v1.2.3');
    const made = await dev('POST', path, back);
    expect(await held()).toBeUndefined();
    await one.world.run(made.body.id);
    expect(await held()).toBeDefined();
    const machine = await createPromotion(one.world.deps, {
      actor: { subject: 'mach-1', email: '', kind: 'machine', owner: 'dev' },
      tenant: 'acme',
      request: {
        kind: 'artifact',
        artifact: 'platform',
        version: '1.2.3',
        sync_registries: false,
        target_environment: 'staging',
      },
    });
    if (isRefusal(machine)) throw new Error(machine.detail);
    await one.world.run(machine.state.id);
    expect(await held()).toBeDefined();
    const another = await dev('POST', path, { ...back, version: 'v1.2.2', acknowledge_risk: true });
    expect(another, JSON.stringify(another.body)).toMatchObject({ status: 201 });
    expect(await held()).toBeDefined();
    await one.world.run(another.body.id);
    await promoted('v1.2.4');
    expect(await held()).toBeUndefined();
  });

  it('that fails can be tried again, as a rollback', async () => {
    const before = await promoted('v1.2.2');
    await promoted('v1.2.3');
    const made = await dev('POST', path, back);
    one.through = (exchange) => async (request) => {
      const response = await exchange(request);
      return request.method === 'PUT' ? { ...response, status: 403 } : response;
    };
    await one.world.run(made.body.id).catch(() => undefined);
    one.through = (exchange) => exchange;
    const failed = (await dev('GET', `${promotions}/${made.body.id}`)).body;
    expect(failed).toMatchObject({
      status: 'failed',
      failure: { code: 'registry_denied', target_state: 'unchanged' },
    });
    const again = await dev('POST', `${promotions}/${made.body.id}/retry`, { acknowledge_risk: true });
    expect(again, JSON.stringify(again.body)).toMatchObject({ status: 201, body: { type: 'rollback' } });
    await one.world.run(again.body.id);
    expect((await head())?.digest).toBe(before.root);
  });
});

describe('taking a promotion back', () => {
  it('goes to the version that it replaced', async () => {
    const before = await promoted('v1.2.2');
    const after = await promoted('v1.2.3');
    const made = await dev('POST', `${promotions}/${after.id}/rollback`, { reason: 'errors rise' });
    expect(made, JSON.stringify(made.body)).toMatchObject({
      status: 201,
      body: { artifact_version: 'v1.2.2' },
    });
    await one.world.run(made.body.id);
    expect((await head())?.digest).toBe(before.root);
    expect((await dev('GET', `${promotions}/${after.id}`)).body.status).toBe('rolled_back');
    const again = await dev('POST', `${promotions}/${made.body.id}/rollback`);
    expect(again).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
  });

  it('that replaced nothing, or was replaced since, is refused', async () => {
    const first = await promoted('v1.2.2');
    const nothing = await dev('POST', `${promotions}/${first.id}/rollback`);
    expect(nothing).toMatchObject({ status: 409, body: { code: 'nothing_to_promote' } });
    const second = await promoted('v1.2.3');
    await promoted('v1.2.4');
    const revert = await dev('POST', `${promotions}/${second.id}/rollback`, { mode: 'revert' });
    expect(revert).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    const tried = await dev('POST', `${promotions}/${second.id}/rollback?dry_run=true`);
    expect(tried).toMatchObject({
      status: 200,
      body: { artifact_version: 'v1.2.2', impact: { recommendation: 'RISKY' } },
    });
  });
});

describe('a rollback to a revision by its number', () => {
  const at = { environment: 'staging', to_revision: 1, reason: 'errors rise', acknowledge_risk: true };

  it('goes back over later promotions, by the name of the artifact or by a promotion', async () => {
    const before = await promoted('v1.2.2');
    await promoted('v1.2.3');
    const { id } = await promoted('v1.2.4');
    const tried = await dev('POST', `${promotions}/${id}/rollback?dry_run=true`, { to_revision: 2 });
    expect(tried.body, JSON.stringify(tried.body)).toMatchObject({
      artifact_version: 'v1.2.3',
      impact: {
        recommendation: 'SAFE',
        to_revision: 2,
        revisions: [
          { number: 2, version: 'v1.2.3' },
          { number: 1, version: 'v1.2.2' },
        ],
      },
    });
    const made = await dev('POST', path, at);
    expect(made, JSON.stringify(made.body)).toMatchObject({
      status: 201,
      body: { artifact_version: 'v1.2.2', impact: { from_revision: 3, to_revision: 1 } },
    });
    await one.world.run(made.body.id);
    expect(await head()).toMatchObject({ digest: before.root, revision: 4 });
  });

  it('that the environment never had is refused with those that it had; a version and a revision are one too many', async () => {
    await promoted('v1.2.2');
    const { id } = await promoted('v1.2.3');
    const refused = { status: 409, body: { code: 'source_not_deployed', available: [1] } };
    expect(await dev('POST', path, { ...at, to_revision: 7 })).toMatchObject(refused);
    expect(await dev('POST', `${promotions}/${id}/rollback`, { to_revision: 7 })).toMatchObject(refused);
    expect(await dev('POST', path, { ...at, version: 'v1.2.2' })).toMatchObject({ status: 400 });
  });
});
