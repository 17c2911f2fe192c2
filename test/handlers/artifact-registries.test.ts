import { beforeEach, describe, expect, it } from 'vitest';
import { artifactWorld } from './artifacts-world.ts';

const one = artifactWorld();
const promotions = '/api/v1/promotions';
const as =
  (name: 'dev' | 'alice' | 'admin'): ReturnType<typeof one.as> =>
  (...call) =>
    one.as(name)(...call);
const [dev, alice, admin] = [as('dev'), as('alice'), as('admin')];
const digestOf = async (tag: string, registry = one.main) =>
  (await one.at(registry, one.path()).resolve(tag))?.digest;
const head = (environment: string) =>
  one.world.deps.heads.read('acme', { subject: { kind: 'artifact', name: 'platform' }, environment });

/** No gate but the policy: what gates say of artifacts is other tests' matter. */
async function openGates(...environments: string[]): Promise<void> {
  for (const environment of environments) {
    const answer = await admin('PATCH', `/api/v1/environments/${environment}`, { gates: [], reason: 'test' });
    expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
  }
  // What was weakened in the very moment of a request holds the request.
  one.world.at('2026-11-21T10:00:00.000Z');
}

const toStaging = { artifact: 'platform', version: 'v1.2.3', target_environment: 'staging' };

async function requested(over: object = {}): Promise<string> {
  const made = await dev('POST', promotions, { ...toStaging, ...over });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  return made.body.id;
}

/** Requests, and lets the workflow execute. */
async function promoted(over: object = {}): Promise<string> {
  const id = await requested(over);
  await one.world.run(id);
  const { body } = await dev('GET', `${promotions}/${id}`);
  expect(body, JSON.stringify(body.failure)).toMatchObject({ status: 'completed' });
  return id;
}

describe('several registries', () => {
  beforeEach(() => openGates('staging', 'production'));

  it('get the whole graph where they are to be synced, and say so', async () => {
    const { root, manifests } = await one.published('v1.2.3');
    const id = await promoted({ sync_registries: true });
    for (const registry of [one.main, one.dr]) {
      expect(await digestOf('v1.2.3-staging', registry)).toBe(root);
      expect(await digestOf('latest-staging', registry)).toBe(root);
    }
    for (const digest of manifests) {
      expect((await one.at(one.dr, one.path()).resolve(digest))?.digest, digest).toBe(digest);
    }
    const { target_deployment_id } = (await dev('GET', `${promotions}/${id}`)).body;
    const stored = await one.world.deps.deployments.read('acme', target_deployment_id);
    expect(stored?.details).toMatchObject({
      tag: 'v1.2.3-staging',
      registries: [
        { registry: 'main', status: 'synced', digest: root, bytes_sent: 0 },
        { registry: 'dr', status: 'synced', digest: root },
      ],
    });
  });

  it('of which one does not answer leave the head and all tags, and a retry sends only what is missing', async () => {
    const { root } = await one.published('v1.2.3');
    const id = await requested({ sync_registries: true });
    one.through = (exchange) => async (request) => {
      if (request.url.startsWith(one.dr.url) && request.method === 'PUT') throw new Error('gone');
      return exchange(request);
    };
    await expect(one.world.run(id)).rejects.toMatchObject({ name: 'Unavailable' });
    expect((await head('staging'))?.digest).toBeNull();
    expect(await digestOf('v1.2.3-staging')).toBeUndefined();
    one.through = (exchange) => exchange;
    await one.world.run(id);
    expect((await dev('GET', `${promotions}/${id}`)).body).toMatchObject({ status: 'completed' });
    expect(await digestOf('latest-staging', one.dr)).toBe(root);
  });

  it('that refuse end the promotion, which names them, and it can be retried', async () => {
    const { root } = await one.published('v1.2.3');
    const id = await requested({ sync_registries: true });
    one.through = (exchange) => async (request) => {
      const response = await exchange(request);
      const refusing = request.url.startsWith(one.dr.url) && request.method === 'POST';
      return refusing ? { ...response, status: 403 } : response;
    };
    await one.world.run(id);
    const failed = (await dev('GET', `${promotions}/${id}`)).body;
    expect(failed).toMatchObject({
      status: 'failed',
      failure: { code: 'registry_denied', target_state: 'unchanged' },
    });
    const stored = await one.world.deps.deployments.read('acme', failed.target_deployment_id);
    expect(stored?.details).toMatchObject({
      registries: [
        { registry: 'main', status: 'synced' },
        { registry: 'dr', status: 'failed' },
      ],
    });
    expect((await head('staging'))?.digest).toBeNull();
    one.through = (exchange) => exchange;
    const again = await dev('POST', `${promotions}/${id}/retry`);
    expect(again, JSON.stringify(again.body)).toMatchObject({ status: 201 });
    await one.world.run(again.body.id);
    expect(await digestOf('latest-staging', one.dr)).toBe(root);
    expect((await head('staging'))?.digest).toBe(root);
  });

  it('of which one refuses keep no other from its copy: a retry sends it nothing', async () => {
    const prefix = one.path().replace('platform', 'spare');
    const spare = { id: 'spare', role: 'secondary', url: one.dr.url, repository_prefix: prefix };
    const secret_ref = 'sluice/acme/registry/local';
    const made = await admin('POST', '/api/v1/registries', { ...spare, secret_ref });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    const { root, manifests } = await one.published('v1.2.3');
    const id = await requested({ sync_registries: true });
    one.through = (exchange) => async (request) => {
      const response = await exchange(request);
      const refusing = request.method === 'POST' && request.url.includes(`/v2/${one.path()}/`);
      return refusing ? { ...response, status: 403 } : response;
    };
    await one.world.run(id);
    const failed = (await dev('GET', `${promotions}/${id}`)).body;
    const stored = await one.world.deps.deployments.read('acme', failed.target_deployment_id);
    expect(stored?.details).toMatchObject({
      registries: [
        { registry: 'main' },
        { registry: 'dr', status: 'failed' },
        { registry: 'spare', status: 'synced' },
      ],
    });
    const there = one.at(one.dr, `${prefix}/platform`);
    for (const digest of manifests) expect((await there.resolve(digest))?.digest).toBe(digest);
    expect(await there.resolve('latest-staging')).toBeUndefined();
    const sent: string[] = [];
    one.through = (exchange) => (request) => {
      if (request.url.includes(`/${prefix}/`) && request.method === 'PATCH') sent.push(request.url);
      return exchange(request);
    };
    await one.world.run((await dev('POST', `${promotions}/${id}/retry`)).body.id);
    expect(sent).toEqual([]);
    expect((await there.resolve('latest-staging'))?.digest).toBe(root);
  });

  it('have nothing, and say so, where the source lost its tag before the copy began', async () => {
    await one.published('v1.2.3');
    const id = await requested({ sync_registries: true });
    await one.at(one.main, one.path()).untag('v1.2.3-dev');
    await one.world.run(id);
    const failed = (await dev('GET', `${promotions}/${id}`)).body;
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'registry_refused' } });
    const stored = await one.world.deps.deployments.read('acme', failed.target_deployment_id);
    expect(stored?.details).toMatchObject({
      registries: [
        { registry: 'main', status: 'synced' },
        { registry: 'dr', status: 'waiting' },
      ],
    });
  });

  it('may be the place of an environment: the graph is copied there, and the primary keeps its own', async () => {
    const { root } = await one.published('v1.2.3');
    await admin('PATCH', '/api/v1/environments/staging', {
      ...{ artifact_repository: { registry: 'dr', repository: 'stage' }, reason: 'r' },
    });
    one.world.at('2026-11-21T10:01:00.000Z');
    await promoted();
    expect((await one.at(one.dr, 'stage/platform').resolve('latest-staging'))?.digest).toBe(root);
    expect(await digestOf('latest-staging')).toBeUndefined();
    const id = await requested({ target_environment: 'production' });
    await alice('POST', `${promotions}/${id}/approve`);
    await dev('POST', `${promotions}/${id}/execute`);
    await one.world.run(id);
    expect(await digestOf('latest-prod')).toBe(root);
  });

  it('may be one with another repository: blobs are mounted, none is sent', async () => {
    const { root } = await one.published('v1.2.3');
    await admin('PATCH', '/api/v1/environments/staging', {
      ...{ artifact_repository: { repository: 'stage' }, reason: 'r' },
    });
    one.world.at('2026-11-21T10:01:00.000Z');
    const sent: string[] = [];
    one.through = (exchange) => (request) => {
      sent.push(request.method);
      return exchange(request);
    };
    await promoted();
    expect(sent).not.toContain('PATCH');
    expect((await one.at(one.main, 'stage/platform').resolve('latest-staging'))?.digest).toBe(root);
  });

  it('that were added since it was approved are not written to', async () => {
    await one.published('v1.2.3');
    const id = await requested({ sync_registries: true });
    await admin('POST', '/api/v1/registries', { id: 'late', url: one.dr.url, repository_prefix: 'late' });
    await expect(one.world.run(id)).rejects.toMatchObject({ name: 'SealBroken' });
    expect((await dev('GET', `${promotions}/${id}`)).body.status).not.toBe('completed');
    expect(await one.at(one.dr, 'late/platform').resolve('latest-staging')).toBeUndefined();
  });
});
