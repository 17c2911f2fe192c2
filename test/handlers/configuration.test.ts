import { load } from 'js-yaml';
import { beforeEach, describe, expect, it } from 'vitest';
import { memberOf } from '../../functions/use-cases/administration/found-tenant.ts';
import { ACME, createWorld, START, type World } from './api-world.ts';
import { DOCUMENT } from './artifact-document.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
const path = '/api/v1/configuration';
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
const put = (document: unknown, query = 'reason=as+written') => admin('PUT', `${path}?${query}`, document);
const exported = async () => (await admin('GET', path)).body;

const yaml = (text: string, query = 'reason=as+written') =>
  world.send({
    method: 'PUT',
    path: `${path}?${query}`,
    signer: { sub: 'admin' },
    body: text,
    headers: { 'content-type': 'application/yaml' },
  });

describe('the artifact document', () => {
  it('is applied as it stands, and becomes registries, gates, channels, policies and consumers', async () => {
    const applied = await yaml(DOCUMENT);
    expect(applied, JSON.stringify(applied.body)).toMatchObject({ status: 200, body: { dry_run: false } });
    const registries = (await admin('GET', '/api/v1/registries')).body.items;
    expect(
      registries.map(({ id, role, type, url }: Record<string, string>) => [id, role, type, url]),
    ).toEqual([
      ['primary', 'primary', 'harbor', 'https://harbor-us-east.acme.com'],
      ['secondary', 'secondary', 'ecr', 'https://123456789.dkr.ecr.us-west-2.amazonaws.com'],
      ['tertiary', 'secondary', 'acr', 'https://acmedata.azurecr.io'],
    ]);
    const production = (await admin('GET', '/api/v1/environments/production')).body;
    expect(production.requirements.artifact).toContain(
      'must pass policy_compliance, tests, security_scan, signature',
    );
    expect(production.requirements.agent).toContain('must pass policy_compliance;');
    const channels = (await admin('GET', '/api/v1/notification-channels')).body.items;
    expect(channels).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ url_ref: `sluice/${ACME}/slack/SLACK_WEBHOOK` }),
        expect.objectContaining({ type: 'email', recipients: ['ops@acme.com'] }),
      ]),
    );
    const consumers = (await admin('GET', '/api/v1/consumers')).body.items;
    expect(consumers).toMatchObject([{ name: 'billing', environment: 'production' }]);
  });

  it('is exported the same, as JSON and as YAML, and changes nothing when it is applied again', async () => {
    await yaml(DOCUMENT);
    const document = await exported();
    expect(document).toMatchObject({
      artifacts: {
        registry: { primary: { type: 'harbor', url: 'harbor-us-east.acme.com' } },
        promotion: {
          notifications: { slack: { webhook: `\${SLACK_WEBHOOK}`, channels: ['#platform-ops'] } },
          cross_registry_sync: true,
        },
      },
      'x-sluice': { retention: { keep_versions: 10, keep_days: 90, protected: [] } },
    });
    const asYaml = await world.send({
      method: 'GET',
      path,
      signer: { sub: 'admin' },
      headers: { accept: 'application/yaml' },
    });
    expect(load(asYaml.body)).toEqual(document);
    for (const again of [await put(document, ''), await yaml(asYaml.body, ''), await yaml(DOCUMENT, '')]) {
      expect(again).toMatchObject({ status: 200, body: { changes: [] } });
    }
    expect(await exported()).toEqual(document);
  });

  it('says what it would change before it changes anything', async () => {
    const before = await exported();
    const planned = await yaml(DOCUMENT, 'dry_run=true');
    expect(planned).toMatchObject({
      status: 200,
      body: {
        dry_run: true,
        changes: expect.arrayContaining([
          {
            path: 'artifacts.registry.primary',
            before: null,
            after: { type: 'harbor', url: 'harbor-us-east.acme.com' },
          },
          { path: 'artifacts.promotion.cross_registry_sync', before: false, after: true },
        ]),
      },
    });
    expect(await exported()).toEqual(before);
    expect((await yaml(DOCUMENT)).body.changes).toEqual(planned.body.changes);
  });
});

describe('a document that names a part', () => {
  beforeEach(() => yaml(DOCUMENT));

  it('leaves everything else as it is', async () => {
    const before = await exported();
    const changed = await put({ artifacts: { promotion: { verification: 'signature_match' } } });
    expect(changed.body.changes).toEqual([
      { path: 'artifacts.promotion.verification', before: 'digest_match', after: 'signature_match' },
    ]);
    const { artifacts, ...ours } = before;
    const promotion = { ...artifacts.promotion, verification: 'signature_match' };
    expect(await exported()).toEqual({ artifacts: { ...artifacts, promotion }, ...ours });
  });

  it('replaces what it names: what is not in it any more is gone', async () => {
    await put({
      artifacts: {
        registry: { primary: { type: 'harbor', url: 'harbor.acme.com' } },
        promotion: { notifications: {} },
      },
      'x-sluice': { pins: [], approvals: [] },
    });
    const { artifacts, ...ours } = await exported();
    expect(artifacts.registry).toEqual({ primary: { type: 'harbor', url: 'harbor.acme.com' } });
    expect(artifacts.promotion).not.toHaveProperty('notifications');
    expect(ours['x-sluice']).toMatchObject({ pins: [], approvals: [] });
  });

  it('keeps what it cannot say of a registry and of a gate', async () => {
    const kept = { repository_prefix: 'team', secret_ref: `sluice/${ACME}/registry/harbor` };
    await admin('PATCH', '/api/v1/registries/primary', { ...kept, reason: 'r' });
    const gates = [{ name: 'tests', applies_to: ['artifact', 'agent'], max_age: 'P1D' }];
    await admin('PATCH', '/api/v1/environments/staging', { gates, reason: 'agents too' });
    await put({
      artifacts: {
        registry: { ...(await exported()).artifacts.registry, primary: { type: 'oci', url: 'new.acme.com' } },
        promotion: { gates: { staging: { tests: false } } },
      },
    });
    expect((await admin('GET', '/api/v1/registries/primary')).body).toMatchObject({ ...kept, type: 'oci' });
    const [, tests] = (await admin('GET', '/api/v1/environments/staging')).body.gates;
    expect(tests).toEqual({ name: 'tests', mode: 'block', applies_to: ['agent'], max_age: 'P1D' });
  });
});

describe('a document that is wrong', () => {
  it('names every unknown key', async () => {
    const refused = await yaml('artifacts: {registries: {}, promotion: {gate: {}, verify: x}}\nx-other: 1\n');
    expect(refused).toMatchObject({ status: 400 });
    const fields = refused.body.errors.map(({ field }: { field: string }) => field).sort();
    expect(fields).toEqual([
      'artifacts.promotion.gate',
      'artifacts.promotion.verify',
      'artifacts.registries',
      'x-other',
    ]);
  });

  it.each([
    ['an environment that does not exist', { promotion: { gates: { moon: {} } } }, 'unknown_environment'],
    ['an environment twice', { promotion: { gates: { dev: {}, development: {} } } }, 'invalid_request'],
    [
      'policy_compliance off',
      { promotion: { gates: { dev: { policy_compliance: false } } } },
      'invalid_request',
    ],
    [
      'the address of a webhook itself',
      { promotion: { notifications: { slack: { webhook: 'https://hooks.slack.com/services/T/B/x' } } } },
      'invalid_request',
    ],
    [
      'a registry that is none',
      { registry: { primary: { type: 'oci', url: 'http://x/y' } } },
      'invalid_request',
    ],
  ])('is refused for %s, and nothing is changed', async (_, artifacts, code) => {
    const before = await exported();
    expect(await put({ artifacts: { ...artifacts } })).toMatchObject({ body: { code } });
    expect(await exported()).toEqual(before);
  });

  it.each([
    ['no YAML', 'a: [', 400],
    ['an alias', 'a: &x {}\nb: *x\n', 400],
    ['a key twice', 'artifacts: {}\nartifacts: {}\n', 400],
    ['a list', '- artifacts', 400],
  ])('is refused for %s', async (_, text, status) => {
    expect(await yaml(text)).toMatchObject({ status, body: { code: 'invalid_request' } });
  });

  it('is taken as JSON or YAML alone', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await world.send({ method: 'PUT', path, signer: { sub: 'admin' }, body: 'x', headers });
    expect(answer).toMatchObject({ status: 415 });
  });
});

describe('applying a document', () => {
  async function secondAdmin() {
    const person = { subject: 'root', email: 'root@acme.com' };
    const membership = memberOf(ACME, { ...person, groups: [], grants: [{ role: 'admin' }] }, START);
    await world.commit(ACME, { write: 'membership', membership, expected: 0 });
    world.at('2026-11-22T09:00:00.000Z');
  }

  it('takes the role', async () => {
    expect(await world.as('dev')('PUT', path, {})).toMatchObject({ status: 403 });
    expect(await world.as('dev')('GET', path)).toMatchObject({ status: 200 });
  });

  it('says why where it weakens', async () => {
    await yaml(DOCUMENT);
    const weaker = { artifacts: { promotion: { gates: { production: {} } } } };
    expect(await put(weaker, '')).toMatchObject({ status: 400, body: { errors: [{ field: 'reason' }] } });
    expect(await put(weaker)).toMatchObject({ status: 200 });
  });

  it('waits for a second admin with what weakens a protected environment, and changes the rest', async () => {
    await yaml(DOCUMENT);
    await secondAdmin();
    const applied = await put({
      artifacts: { promotion: { gates: { production: {} }, verification: 'signature_match' } },
    });
    expect(applied, JSON.stringify(applied.body)).toMatchObject({
      status: 200,
      body: { pending_changes: [expect.stringMatching(/^pend-/)] },
    });
    const { promotion } = (await exported()).artifacts;
    expect(promotion).toMatchObject({
      gates: { production: { tests: true } },
      verification: 'signature_match',
    });
    const confirm = `/api/v1/pending-changes/${applied.body.pending_changes[0]}/confirm`;
    const confirmed = await world.send({ method: 'POST', path: confirm, signer: { sub: 'root' } });
    expect(confirmed, JSON.stringify(confirmed.body)).toMatchObject({ status: 200 });
    expect((await exported()).artifacts.promotion.gates.production).toMatchObject({ tests: false });
  });

  it('that asks for signatures no more waits for a second admin too, who confirms it', async () => {
    const verification = async () => (await exported()).artifacts.promotion.verification;
    await put({ artifacts: { promotion: { verification: 'signature_match' } } });
    const looser = { artifacts: { promotion: { verification: 'digest_match' } } };
    const bare = await world.as('admin')('PUT', path, looser);
    expect(bare, JSON.stringify(bare.body)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }] },
    });
    await secondAdmin();
    const asked = await put(looser);
    expect(asked, JSON.stringify(asked.body)).toMatchObject({
      status: 200,
      body: { pending_changes: [expect.stringMatching(/^pend-/)] },
    });
    expect(await verification()).toBe('signature_match');
    const [pending] = asked.body.pending_changes;
    const one = await world.as('admin')('GET', `/api/v1/pending-changes/${pending}`);
    expect(one.body).toMatchObject({ target: { type: 'artifact_settings', id: 'artifacts' } });
    const weakens = { environment: 'production', what: 'verification', kinds: ['artifact'] };
    expect(one.body.weakens).toContainEqual(weakens);
    const confirm = {
      method: 'POST',
      path: `/api/v1/pending-changes/${pending}/confirm`,
      signer: { sub: 'root' },
    };
    expect(await world.send(confirm)).toMatchObject({ status: 200 });
    expect(await verification()).toBe('digest_match');
    const { items } = (await world.as('admin')('GET', '/api/v1/audit/changes?limit=1')).body;
    expect(items[0]).toMatchObject({ confirmed_by: { subject: 'root' } });
    expect(items[0].weakens).toContainEqual(weakens);
  });

  it('is of its own tenant', async () => {
    await yaml(DOCUMENT);
    const carol = await world.as('carol')('GET', path);
    expect(carol.body.artifacts.registry).toEqual({});
  });

  it('goes on where it broke off', async () => {
    const { commit } = world.deps.transactions;
    let left = 3;
    Object.assign(world.deps, {
      transactions: {
        ...world.deps.transactions,
        commit: (...given: Parameters<typeof commit>) => {
          left -= 1;
          if (left < 0) throw new Error('the process died');
          return commit(...given);
        },
      },
    });
    expect(await yaml(DOCUMENT)).toMatchObject({ status: 500 });
    left = 1_000;
    expect(await yaml(DOCUMENT)).toMatchObject({ status: 200 });
    expect(await yaml(DOCUMENT, '')).toMatchObject({ status: 200, body: { changes: [] } });
  });
});
