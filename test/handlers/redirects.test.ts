import { beforeEach, describe, expect, it } from 'vitest';
import { memberOf } from '../../functions/use-cases/administration/found-tenant.ts';
import { ACME, START } from './api-world.ts';
import { admin, alice, type as, bob, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

const GATEWAY = '/api/v1/gateways/gw-789';
const PRODUCTION = '/api/v1/environments/production';
const elsewhere = { secret_ref: `sluice/${ACME}/gateway/other`, reason: 'it moved' };
const newest = async () => (await admin('GET', '/api/v1/audit/changes?limit=1')).body.items[0];
const at = (minute: number) => world.at(`2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`);
const putBack = async (id: string) => {
  await expect(world.run(id)).rejects.toMatchObject({ name: 'SealBroken' });
  const { body } = await dev('GET', `${path}/${id}`);
  expect(body).toMatchObject({ status: 'pending', reason_code: 'redirected', approvals: [] });
};
const approvals = async (id: string) => (await dev('GET', `${path}/${id}`)).body.approvals;

beforeEach(stagedWorld);

describe('what was approved for one place', () => {
  it('is void once the gateway goes elsewhere: approvers are asked again, and that counts', async () => {
    const id = await requested();
    at(1);
    expect(await alice('POST', `${path}/${id}/approve`)).toMatchObject({ body: { status: 'approved' } });
    at(2);
    expect((await admin('PATCH', GATEWAY, elsewhere)).status).toBe(200);
    at(3);
    expect((await dev('POST', `${path}/${id}/execute`)).status).toBe(202);
    await putBack(id);
    expect(world.asked).toEqual([]);
    expect((await alice('POST', `${path}/${id}/approve`)).status).toBe(200);
    await dev('POST', `${path}/${id}/execute`);
    expect(await world.run(id)).toMatchObject({ status: 'completed' });
  });

  it('is void once the gateway was deleted and made again', async () => {
    const id = await requested();
    at(1);
    await alice('POST', `${path}/${id}/approve`);
    at(2);
    expect((await admin('DELETE', GATEWAY)).status).toBe(400);
    expect((await admin('DELETE', `${GATEWAY}?reason=moves`)).status).toBe(204);
    await admin('POST', '/api/v1/gateways', { id: 'gw-789', environment: 'production' });
    at(3);
    await dev('POST', `${path}/${id}/execute`);
    await putBack(id);
  });

  it('stays approved where a change sends nothing elsewhere, or what is promoted does not go there', async () => {
    const id = await requested();
    at(1);
    await bob('POST', `${path}/${id}/approve`);
    at(2);
    expect((await admin('PATCH', PRODUCTION, { tag_suffix: 'live', reason: 'r' })).status).toBe(200);
    expect((await admin('POST', '/api/v1/gateways', { environment: 'production' })).status).toBe(201);
    at(3);
    await dev('POST', `${path}/${id}/execute`);
    expect(await world.run(id)).toMatchObject({ status: 'completed' });
    expect(await approvals(id)).toHaveLength(1);
  });
});

describe('a change that redirects', () => {
  const registry = async () => {
    const primary = { id: 'main', url: 'https://registry.acme.com', role: 'primary' };
    expect((await admin('POST', '/api/v1/registries', primary)).status).toBe(201);
  };
  const gates = (secret_ref: string) => {
    const provider = { type: 'http', url: 'https://judge.acme.com/', secret_ref };
    return { gates: [{ name: 'tests', provider }] };
  };
  const judged = async () => {
    const made = await admin('PATCH', PRODUCTION, { ...gates(`sluice/${ACME}/gate/one`), reason: 'r' });
    expect(made.status, JSON.stringify(made.body)).toBe(200);
  };
  const nothing = async () => {};

  it.each([
    [
      'a gateway’s driver',
      nothing,
      GATEWAY,
      { driver: 'http', endpoint: 'https://gw.acme.com/' },
      'gateway_driver',
    ],
    [
      'a gateway’s secret',
      nothing,
      GATEWAY,
      { secret_ref: `sluice/${ACME}/gateway/x` },
      'gateway_secret_ref',
    ],
    [
      'a registry’s address',
      registry,
      '/api/v1/registries/main',
      { url: 'https://b.acme.com' },
      'registry_url',
    ],
    [
      'a registry’s secret',
      registry,
      '/api/v1/registries/main',
      { secret_ref: `sluice/${ACME}/registry/x` },
      'registry_secret_ref',
    ],
    ['a registry’s role', registry, '/api/v1/registries/main', { role: 'secondary' }, 'registry_role'],
    [
      'the place of artifacts',
      nothing,
      PRODUCTION,
      { artifact_repository: { repository: 'live' } },
      'environment_artifact_repository',
    ],
    ['the ending of tags', nothing, PRODUCTION, { tag_suffix: 'live' }, 'environment_tag_suffix'],
    [
      'the secret of a judge',
      judged,
      PRODUCTION,
      gates(`sluice/${ACME}/gate/two`),
      'gate_provider_secret_ref',
    ],
  ])(
    'by %s takes a reason and, where it is protected, a second admin',
    async (_, before, where, change, what) => {
      await before();
      const blank = await admin('PATCH', where, change);
      expect(blank).toMatchObject({ status: 400, body: { errors: [{ field: 'reason' }] } });
      await world.commit(ACME, {
        write: 'membership',
        membership: memberOf(
          ACME,
          { subject: 'root', email: 'root@acme.com', groups: [], grants: [{ role: 'admin' }] },
          START,
        ),
        expected: 0,
      });
      world.at('2026-11-22T10:00:00.000Z');
      const asked = await admin('PATCH', where, { ...change, reason: 'it moved' });
      expect(asked, JSON.stringify(asked.body)).toMatchObject({ status: 202 });
      const redirected = expect.objectContaining({ environment: 'production', what, is: 'redirects' });
      expect(asked.body.weakens).toContainEqual(redirected);
      const root = (...call: Parameters<ReturnType<typeof as>>) =>
        world.send({ method: call[0], path: call[1], signer: { sub: 'root' } });
      const confirmed = await root('POST', `/api/v1/pending-changes/${asked.body.id}/confirm`);
      expect(confirmed, JSON.stringify(confirmed.body)).toMatchObject({ status: 200 });
      expect((await newest()).weakens).toContainEqual(redirected);
    },
  );
});

const CI = { producers: ['ci'] };

describe('what an environment kept to itself', () => {
  it.each([
    [{ owned_keys: ['limits.*'] }, { owned_keys: [] }, 'environment_owned_keys'],
    [
      { verification: { gate: 'smoke', within: 'PT30M', on_failure: 'rollback', ...CI } },
      { verification: null },
      'verification_gate',
    ],
    [
      { verification: { gate: 'smoke', within: 'PT30M', on_failure: 'rollback', ...CI } },
      { verification: { gate: 'smoke', within: 'PT30M', on_failure: 'none', ...CI } },
      'verification_on_failure',
    ],
    [
      { verification: { gate: 'smoke', within: 'PT30M', on_failure: 'rollback', ...CI } },
      { verification: { gate: 'smoke', within: 'PT3H', on_failure: 'rollback', ...CI } },
      'verification_within',
    ],
  ])('%j is weaker as %j, and not the other way round', async (strict, weak, what) => {
    expect((await admin('PATCH', PRODUCTION, strict)).status).toBe(200);
    expect((await admin('PATCH', PRODUCTION, weak)).status).toBe(400);
    expect((await admin('PATCH', PRODUCTION, { ...weak, reason: 'r' })).status).toBe(200);
    expect((await newest()).weakens).toContainEqual(
      expect.objectContaining({ environment: 'production', what }),
    );
    expect((await admin('PATCH', PRODUCTION, strict)).status).toBe(200);
  });

  it('a freeze in which what is due failed, and waits now, is weaker', async () => {
    const window = { starts_at: '2026-12-24T00:00:00Z', ends_at: '2026-12-27T00:00:00Z', on_due: 'fail' };
    const { id } = (await admin('POST', `${PRODUCTION}/freezes`, { reason: 'fair', ...window })).body;
    await admin('PATCH', `${PRODUCTION}/freezes/${id}`, { on_due: 'wait', reason: 'a fair' });
    expect((await newest()).weakens).toMatchObject([{ environment: 'production', what: 'freeze_on_due' }]);
  });
});
