import { beforeEach, describe, expect, it } from 'vitest';
import type { Exchange, OciRequest, OciResponse } from '../../functions/adapters/oci/exchange.ts';
import { settle } from '../../functions/use-cases/workflow/settle.ts';
import { times } from '../support/length.ts';
import { artifactWorld } from './artifacts-world.ts';

const one = artifactWorld();
const promotions = '/api/v1/promotions';
const dev: ReturnType<typeof one.as> = (...call) => one.as('dev')(...call);
const digestOf = async (tag: string, registry = one.main) =>
  (await one.at(registry, one.path()).resolve(tag))?.digest;
const head = () =>
  one.world.deps.heads.read('acme', {
    subject: { kind: 'artifact', name: 'platform' },
    environment: 'staging',
  });

beforeEach(async () => {
  const answer = await one.as('admin')('PATCH', '/api/v1/environments/staging', {
    gates: [],
    reason: 'test',
  });
  expect(answer).toMatchObject({ status: 200 });
  // What was weakened in the very moment of a request holds the request.
  one.world.at('2026-11-21T10:00:00.000Z');
});

/** Publishes a version and requests its promotion to both registries. */
async function requested(version: string, layerBytes = 2_000) {
  const pushed = await one.published(version, layerBytes);
  const asked = { version, target_environment: 'staging', sync_registries: true };
  const made = await dev('POST', promotions, asked);
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  return { id: String(made.body.id), ...pushed };
}

const uploaded = (requests: readonly OciRequest[]) =>
  requests.filter(({ method }) => method === 'PATCH').reduce((sum, { body }) => sum + (body?.length ?? 0), 0);

/** Notes every request that arrives. */
function noting(requests: OciRequest[]): (exchange: Exchange) => Exchange {
  return (exchange) => (request) => {
    requests.push(request);
    return exchange(request);
  };
}

const layer = (kill: number) => 2_000 + kill;

/** Every request is a place to die at; the usual run takes one in seventeen. */
const step = times(17, 1);

describe('a promotion whose process dies', () => {
  it('at any request ends the same when its step is run again, with nothing sent twice but what was in flight', async () => {
    const whole: OciRequest[] = [];
    const { id: measured } = await requested('v1.0.0');
    one.through = noting(whole);
    await one.world.run(measured);
    const total = uploaded(whole);
    expect(total).toBeGreaterThan(2_000);
    for (let kill = 1; kill <= whole.length; kill += step) {
      one.through = (exchange) => exchange;
      const { id, root, manifests } = await requested(`v2.0.${kill}`, layer(kill));
      const requests: OciRequest[] = [];
      let count = 0;
      one.through = (exchange) => async (request) => {
        count += 1;
        if (count > kill) throw new Error('dead');
        requests.push(request);
        const response = await exchange(request);
        // The request arrives and its answer does not: the worst moment.
        if (count === kill) throw new Error('killed');
        return response;
      };
      await one.world.run(id).catch(() => undefined);
      one.through = noting(requests);
      await one.world.run(id);
      const { body } = await dev('GET', `${promotions}/${id}`);
      expect(body, `${kill}: ${JSON.stringify(body.failure)}`).toMatchObject({ status: 'completed' });
      expect((await head())?.digest).toBe(root);
      for (const registry of [one.main, one.dr]) {
        expect(await digestOf('latest-staging', registry)).toBe(root);
        expect(await digestOf(`v2.0.${kill}-staging`, registry)).toBe(root);
      }
      for (const digest of manifests) {
        expect((await one.at(one.dr, one.path()).resolve(digest))?.digest).toBe(digest);
      }
      expect(uploaded(requests)).toBeLessThanOrEqual(total + 2 * kill + layer(kill));
    }
  });

  it('and whose registry stays away is settled: unchanged where no tag may have moved', async () => {
    const { id } = await requested('v1.0.0');
    one.through = () => async () => {
      throw new Error('nobody there');
    };
    await expect(one.world.run(id)).rejects.toMatchObject({ name: 'Unavailable' });
    await settle(one.world.deps, { tenant: 'acme', id }, { error: 'Unavailable', patient: true });
    expect((await dev('GET', `${promotions}/${id}`)).body).toMatchObject({
      status: 'failed',
      failure: { code: 'registry_unavailable', target_state: 'unchanged' },
    });
    expect((await head())?.claim).toBeUndefined();
  });
});

describe('a copy that takes longer than one call', () => {
  it('goes on in the next one, and claims the head all the while', async () => {
    const { id, root } = await requested('v1.0.0');
    let seconds = 0;
    let late = true;
    one.through = (exchange) => async (request) => {
      // Every request takes half a minute: two of them, and the time of a call is over.
      seconds += 30;
      if (late) one.world.at(new Date(Date.parse('2026-11-21T10:00:00Z') + seconds * 1000).toISOString());
      return exchange(request);
    };
    let calls = 0;
    for (;;) {
      calls += 1;
      const ended = await one.world.run(id).catch((error: Error) => error.name);
      if (typeof ended !== 'string') break;
      expect(ended).toBe('Unfinished');
      expect((await head())?.claim).toMatchObject({ promotion: id });
      expect(await digestOf('latest-staging')).toBeUndefined();
      if (calls === 5) late = false;
    }
    expect(calls).toBeGreaterThan(4);
    expect(await digestOf('latest-staging', one.dr)).toBe(root);
  });

  it('is left alone by whoever settles: it makes progress', async () => {
    const { id } = await requested('v1.0.0');
    Object.assign(one.world.deps.registries, { copySeconds: 0 });
    await expect(one.world.run(id)).rejects.toMatchObject({ name: 'Unfinished' });
    const state = await settle(
      one.world.deps,
      { tenant: 'acme', id },
      { error: 'States.Timeout', patient: false },
    );
    expect(state.status).toBe('executing');
    Object.assign(one.world.deps.registries, { copySeconds: 60 });
    await one.world.run(id);
    expect((await dev('GET', `${promotions}/${id}`)).body.status).toBe('completed');
  });
});

async function* bytes(...parts: readonly Buffer[]): AsyncIterable<Uint8Array> {
  yield* parts;
}

async function* endless(): AsyncIterable<Uint8Array> {
  for (;;) yield Buffer.alloc(64 * 1024);
}

type Hostile = (request: OciRequest, answer: () => Promise<OciResponse>) => Promise<OciResponse>;

const isManifest = ({ url, method }: OciRequest) => method === 'GET' && url.includes('/manifests/sha256:');
const isBlob = ({ url, method }: OciRequest) => method === 'GET' && url.includes('/blobs/sha256:');
const plain = (status: number, headers: { readonly [name: string]: string } = {}): OciResponse => ({
  status,
  headers,
  body: bytes(),
  discard() {},
});

/** What a registry may do to us, and how the promotion ends. Those that may pass are tried again, and end when it is given up. */
const HOSTILE: readonly (readonly [string, string, Hostile])[] = [
  [
    'answers another digest for a manifest',
    'registry_corrupt',
    async (request, answer) =>
      isManifest(request)
        ? { ...(await answer()), body: bytes(Buffer.from('{"schemaVersion":2}')) }
        : answer(),
  ],
  [
    'answers a manifest without an end',
    'registry_corrupt',
    async (request, answer) => (isManifest(request) ? { ...(await answer()), body: endless() } : answer()),
  ],
  [
    'answers a layer without an end',
    'registry_corrupt',
    async (request, answer) => (isBlob(request) ? { ...(await answer()), body: endless() } : answer()),
  ],
  [
    'answers a layer of another length',
    'registry_unavailable',
    async (request, answer) =>
      isBlob(request) ? { ...(await answer()), body: bytes(Buffer.from('short')) } : answer(),
  ],
  [
    'redirects to a private address',
    'registry_forbidden',
    async (request, answer) =>
      isBlob(request) ? plain(307, { location: 'http://10.0.0.1/latest/meta-data' }) : answer(),
  ],
  [
    'redirects to the metadata service',
    'registry_forbidden',
    async (request, answer) =>
      isBlob(request) ? plain(302, { location: 'http://169.254.169.254/latest/meta-data' }) : answer(),
  ],
  [
    'redirects in a circle',
    'registry_refused',
    async (request, answer) => (isBlob(request) ? plain(307, { location: request.url }) : answer()),
  ],
  [
    'asks for a login for ever',
    'registry_denied',
    async () => plain(401, { 'www-authenticate': 'Bearer realm="http://127.0.0.1:1/token",service="x"' }),
  ],
  [
    'asks for a login with a realm of its own',
    'registry_denied',
    async () => plain(401, { 'www-authenticate': 'Bearer realm="http://10.0.0.1/token",service="x"' }),
  ],
  ['asks to wait an hour', 'registry_throttled', async () => plain(429, { 'retry-after': '3600' })],
  ['fails always', 'registry_unavailable', async () => plain(503)],
];

describe('a registry that', () => {
  it.each(HOSTILE)('%s ends the promotion as %s, and nothing has moved', async (_, code, hostile) => {
    const before = await requested('v1.0.0');
    await one.world.run(before.id);
    const { id } = await requested('v1.0.1', 2_001);
    one.through = (exchange) => (request) => hostile(request, () => exchange(request));
    await one.world
      .run(id)
      .catch(() => settle(one.world.deps, { tenant: 'acme', id }, { error: 'Unavailable', patient: true }));
    one.through = (exchange) => exchange;
    const { body } = await dev('GET', `${promotions}/${id}`);
    expect(body).toMatchObject({ status: 'failed', failure: { target_state: 'unchanged' } });
    // A login that cannot be reached is a registry that cannot be.
    expect([code, 'registry_unavailable', 'registry_forbidden']).toContain(body.failure.code);
    expect(body.failure.message).toContain('127.0.0.1');
    const { digest, claim } = (await head()) ?? {};
    expect({ digest, claim }).toEqual({ digest: before.root, claim: undefined });
    for (const registry of [one.main, one.dr]) {
      expect(await digestOf('latest-staging', registry)).toBe(before.root);
      expect(await digestOf('v1.0.1-staging', registry)).toBeUndefined();
    }
  });
});
