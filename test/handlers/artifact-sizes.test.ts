import { beforeEach, describe, expect, it } from 'vitest';
import type { Exchange, OciRequest } from '../../functions/adapters/oci/exchange.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { artifactWorld } from './artifacts-world.ts';

const one = artifactWorld();
const promotions = '/api/v1/promotions';
const versions = '/api/v1/artifacts/platform/versions';
const LAYER = 50_000;
const dev: ReturnType<typeof one.as> = (...call) => one.as('dev')(...call);
const limit = async (registry: string, max_artifact_bytes: number | null) => {
  const answer = await one.as('admin')('PATCH', `/api/v1/registries/${registry}`, { max_artifact_bytes });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
};
const digestOf = async (tag: string, registry = one.main) =>
  (await one.at(registry, one.path()).resolve(tag))?.digest;
const head = async () =>
  (
    await one.world.deps.heads.read('acme', {
      subject: { kind: 'artifact', name: 'platform' },
      environment: 'staging',
    })
  )?.digest ?? null;
const publish = (version: string) => dev('POST', versions, { version, reference: `build-${version}` });
const request = (version: string, more: object = {}) =>
  dev('POST', promotions, { version, target_environment: 'staging', execution: 'manual', ...more });

beforeEach(async () => {
  const open = { gates: [], reason: 'test' };
  expect(await one.as('admin')('PATCH', '/api/v1/environments/staging', open)).toMatchObject({ status: 200 });
  one.world.at('2026-11-21T10:00:00.000Z');
});

/** Asks for a promotion to both registries, and executes it once `meanwhile` has happened. */
async function promoted(version: string, meanwhile: () => Promise<void> | void) {
  const made = await request(version, { sync_registries: true });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  await meanwhile();
  const id = String(made.body.id);
  const executed = await dev('POST', `${promotions}/${id}/execute`, {});
  expect(executed, JSON.stringify(executed.body)).toMatchObject({ status: 202 });
  await one.world.run(id);
  return (await dev('GET', `${promotions}/${id}`)).body;
}

/** Adds a referrer of so many bytes, as somebody does who signs or scans late. */
async function attach(subject: Parameters<ReturnType<typeof one.at>['resolve']>[0], bytes: number) {
  const repository = one.at(one.main, one.path());
  const content = Buffer.alloc(bytes, 'late');
  const digest = digestOfBytes(content);
  await repository.finishUpload(await repository.sendChunk(await repository.openUpload(), content), digest);
  const layer = { mediaType: 'application/spdx+json', digest, size: bytes };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(
    JSON.stringify({
      ...{
        schemaVersion: 2,
        mediaType,
        artifactType: 'application/spdx+json',
        config: layer,
        layers: [layer],
      },
      subject: await repository.resolve(subject),
    }),
  );
  const written = digestOfBytes(manifest);
  await repository.writeManifest(written, { digest: written, mediaType, bytes: manifest });
}

/** Changes what a registry says of the length of blobs, and passes all else. */
const lying: (length: string | undefined) => (exchange: Exchange) => Exchange =
  (length) => (exchange) => async (asked) => {
    const response = await exchange(asked);
    if (asked.method !== 'HEAD' || !asked.url.includes('/blobs/')) return response;
    const { 'content-length': _, ...headers } = response.headers;
    return {
      ...response,
      headers: length === undefined ? headers : { ...headers, 'content-length': length },
    };
  };

describe('publishing within a limit', () => {
  it('counts everything that refers to the content', async () => {
    const { root } = await one.build('build-v1.0.0', LAYER);
    await limit('main', 3 * LAYER);
    await attach(root, LAYER);
    expect(await publish('v1.0.0')).toMatchObject({
      status: 422,
      body: { code: 'artifact_too_large', registry_id: 'main', max_artifact_bytes: 3 * LAYER },
    });
    expect(await digestOf('v1.0.0-dev')).toBeUndefined();
    await limit('main', 4 * LAYER);
    expect(await publish('v1.0.0')).toMatchObject({ status: 201 });
  });

  it.each([
    ['another length than the manifest', '1000000000'],
    ['no length', undefined],
  ])('is refused where the registry says %s', async (_, length) => {
    await one.build('build-v1.0.0', LAYER);
    await limit('main', 4 * LAYER);
    one.through = lying(length);
    expect(await publish('v1.0.0')).toMatchObject({
      status: 502,
      body: { code: 'registry_failed', registry_code: 'registry_corrupt', retry: false },
    });
    expect(await digestOf('v1.0.0-dev')).toBeUndefined();
  });
});

describe('a request', () => {
  it.each(['main', 'dr'])(
    'to the registry %s for more than it takes is refused at once',
    async (registry) => {
      await one.published('v1.0.0', LAYER);
      await limit(registry, LAYER);
      const refused = await request('v1.0.0', { sync_registries: true });
      expect(refused).toMatchObject({
        status: 422,
        body: { code: 'artifact_too_large', registry_id: registry, max_artifact_bytes: LAYER },
      });
      expect((await dev('GET', promotions)).body.items).toEqual([]);
      await limit(registry, null);
      expect(await request('v1.0.0', { sync_registries: true })).toMatchObject({ status: 201 });
    },
  );

  it('does not ask a registry that nothing goes to', async () => {
    await one.published('v1.0.0', LAYER);
    await limit('dr', LAYER);
    expect(await request('v1.0.0')).toMatchObject({ status: 201 });
  });
});

describe('an execution', () => {
  it.each(['main', 'dr'])(
    'fails where the limit of %s was lowered since, with nothing sent',
    async (registry) => {
      await one.published('v1.0.0', LAYER);
      const requests: OciRequest[] = [];
      const ended = await promoted('v1.0.0', async () => {
        await limit(registry, LAYER);
        one.through = (exchange) => (asked) => {
          requests.push(asked);
          return exchange(asked);
        };
      });
      expect(ended).toMatchObject({
        status: 'failed',
        failure: { code: 'artifact_too_large', target_state: 'unchanged' },
      });
      expect(ended.failure.message).toContain(`the registry ${registry} takes at most ${LAYER}`);
      expect(requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
      expect(await head()).toBeNull();
      for (const there of [one.main, one.dr]) expect(await digestOf('latest-staging', there)).toBeUndefined();
    },
  );

  it('counts what refers to the content by then', async () => {
    const { root } = await one.published('v1.0.0', LAYER);
    await limit('dr', 3 * LAYER);
    let written = 0;
    const ended = await promoted('v1.0.0', async () => {
      await attach(root, LAYER);
      one.through = (exchange) => (asked) => {
        if (asked.method !== 'GET' && asked.method !== 'HEAD') written += 1;
        return exchange(asked);
      };
    });
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'artifact_too_large' } });
    expect(written).toBe(0);
    expect(await head()).toBeNull();
  });

  it('sends no more than was measured to a registry whose source lists more while it copies', async () => {
    const { root } = await one.published('v1.0.0', LAYER);
    await limit('dr', 3 * LAYER);
    let sent = 0;
    const ended = await promoted('v1.0.0', async () => {
      let measured = false;
      one.through = (exchange) => async (asked) => {
        if (!measured && asked.method === 'HEAD' && asked.url.includes('/blobs/')) {
          measured = true;
          await attach(root, LAYER);
        }
        sent += asked.method === 'PATCH' ? (asked.body?.length ?? 0) : 0;
        return exchange(asked);
      };
    });
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'artifact_too_large' } });
    expect(sent).toBeLessThanOrEqual(3 * LAYER);
    expect(await head()).toBeNull();
    expect(await digestOf('latest-staging', one.dr)).toBeUndefined();
  });

  it('fails where a registry has another size than the manifest names', async () => {
    await one.published('v1.0.0', LAYER);
    await limit('main', 4 * LAYER);
    const ended = await promoted('v1.0.0', () => {
      one.through = lying('1000000000');
    });
    expect(ended).toMatchObject({ status: 'failed', failure: { code: 'registry_corrupt' } });
    expect(await head()).toBeNull();
  });

  it('goes through within the limit', async () => {
    const { root } = await one.published('v1.0.0', LAYER);
    const ended = await promoted('v1.0.0', async () => {
      await limit('main', 3 * LAYER);
      await limit('dr', 3 * LAYER);
    });
    expect(ended, JSON.stringify(ended.failure)).toMatchObject({ status: 'completed' });
    expect(await head()).toBe(root);
  });

  it('takes back to what was there before, whatever the limit is now', async () => {
    const { root } = await one.published('v1.0.0', LAYER);
    expect(await promoted('v1.0.0', () => {})).toMatchObject({ status: 'completed' });
    await one.published('v1.1.0', 1_000);
    expect(await promoted('v1.1.0', () => {})).toMatchObject({ status: 'completed' });
    await limit('main', LAYER);
    const asked = { environment: 'staging', version: 'v1.0.0', reason: 'test', acknowledge_risk: true };
    const made = await dev('POST', '/api/v1/artifacts/platform/rollback', {
      ...asked,
      execution: 'automatic',
    });
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    await one.world.run(String(made.body.id));
    expect(await head()).toBe(root);
  });
});
