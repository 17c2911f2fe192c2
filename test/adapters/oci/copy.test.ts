import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofType } from '../../../functions/domain/artifact/referrers.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import { copyGraph, type GraphCopy } from '../../../functions/use-cases/kinds/artifact/copy-graph.ts';
import { times } from '../../support/length.ts';
import { robot, startRegistry, type TestRegistry } from '../../support/local-registry.ts';
import { loopbackExchange, type Pushed, pushSigned, repositoryAt, uploadMemory } from '../../support/oci.ts';

let one: TestRegistry;
let other: TestRegistry;
let pushed: Pushed;
const credentials = robot;

beforeAll(async () => {
  [one, other] = await Promise.all([startRegistry(), startRegistry()]);
  pushed = await pushSigned(repositoryAt(one.url, 'platform', { credentials }).repository, 30_000);
});
afterAll(() => Promise.all([one.stop(), other.stop()]));

function copyTo(origin: string, path: string, more: Partial<GraphCopy> = {}) {
  const source = repositoryAt(one.url, 'platform', { credentials });
  const target = repositoryAt(origin, path, { credentials });
  const copy: GraphCopy = {
    source: source.repository,
    target: target.repository,
    uploads: uploadMemory(),
    chunkBytes: 8_000,
    parallel: 3,
    alone: () => (act) => act(),
    late: () => false,
    ...more,
  };
  return { source, target, copy };
}

/** Bytes that left in uploads. */
const sent = (
  requests: readonly { readonly method: string; readonly body?: { readonly length: number } | undefined }[],
) =>
  requests.filter(({ method }) => method === 'PATCH').reduce((sum, { body }) => sum + (body?.length ?? 0), 0);

async function expectWhole(origin: string, path: string, exchange = loopbackExchange) {
  const { repository } = repositoryAt(origin, path, { exchange });
  const source = repositoryAt(one.url, 'platform').repository;
  for (const digest of pushed.manifests) {
    const copied = await repository.readManifest(digest);
    expect(copied).toEqual(await source.readManifest(digest));
    const listed = (await source.referrers(digest)).map((one) => one.digest).sort();
    expect((await repository.referrers(digest)).map((one) => one.digest).sort()).toEqual(listed);
  }
  for (const digest of pushed.blobs) expect(await repository.hasBlob(digest)).toBe(true);
}

describe('a graph', () => {
  it('is copied whole: index, children, layers, and what refers to each', async () => {
    const { copy, target } = copyTo(other.url, 'whole');
    const copied = await copyGraph(copy, pushed.root);
    expect(copied).toMatchObject({ done: true, manifests: pushed.manifests.length, mounted: 0 });
    expect(copied.bytes).toBe(sent(target.requests));
    await expectWhole(other.url, 'whole');
    const referrers = await target.repository.referrers(pushed.root);
    expect(ofType(referrers, 'application/spdx+json')).toHaveLength(1);
  });

  it('is sent once: copying again transfers nothing', async () => {
    await copyGraph(copyTo(other.url, 'twice').copy, pushed.root);
    const again = copyTo(other.url, 'twice');
    expect(await copyGraph(again.copy, pushed.root)).toEqual({
      done: true,
      manifests: 0,
      blobs: 0,
      mounted: 0,
      bytes: 0,
    });
    expect(again.target.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([]);
  });

  it('is mounted within one registry', async () => {
    const copied = await copyGraph(copyTo(one.url, 'mounted/here').copy, pushed.root);
    expect(copied).toMatchObject({ done: true, blobs: 0, bytes: 0 });
    expect(copied.mounted).toBe(new Set(pushed.blobs).size);
    await expectWhole(one.url, 'mounted/here');
  });

  it('is copied within one registry that answers a mount with an upload', async () => {
    const exchange: typeof loopbackExchange = (request) =>
      loopbackExchange({ ...request, url: request.url.replace(/\?mount=.*/, '') });
    const { repository } = repositoryAt(one.url, 'mounted/not', { credentials, exchange });
    const copied = await copyGraph(copyTo(one.url, 'mounted/not', { target: repository }).copy, pushed.root);
    expect(copied).toMatchObject({ done: true, mounted: 0, blobs: new Set(pushed.blobs).size });
    await expectWhole(one.url, 'mounted/not');
  });

  it.each([
    ['a manifest below the root', 'PUT', /\/manifests\/sha256:/],
    ['a blob', 'PUT', /\/blobs\/uploads\/.*digest=/],
    ['a mount', 'POST', /mount=/],
  ])('ends where a registry takes %s and has it not', async (_, method, path) => {
    let forgotten = 0;
    const exchange: typeof loopbackExchange = async (request) => {
      if (forgotten > 0 || request.method !== method || !path.test(request.url))
        return loopbackExchange(request);
      forgotten += 1;
      return { status: 201, headers: {}, body: toAsync(''), discard() {} };
    };
    const origin = method === 'POST' ? one.url : other.url;
    const { repository } = repositoryAt(origin, `forgetful/${path.source.length}`, { credentials, exchange });
    const { copy } = copyTo(origin, '', { target: repository });
    await expect(copyGraph(copy, pushed.root)).rejects.toMatchObject({ code: 'registry_corrupt' });
    expect(forgotten).toBe(1);
    expect(await repository.resolve(pushed.root)).toBeUndefined();
  });

  it('comes with tags that list what refers to what, where the registry has no referrers API', async () => {
    const exchange: typeof loopbackExchange = async (request) =>
      request.url.includes('/referrers/')
        ? { status: 404, headers: {}, body: toAsync(''), discard() {} }
        : loopbackExchange(request);
    const { repository } = repositoryAt(other.url, 'tags', { credentials, exchange });
    const { copy } = copyTo(other.url, 'tags', { target: repository });
    expect(await copyGraph(copy, pushed.root)).toMatchObject({ done: true });
    await expectWhole(other.url, 'tags', exchange);
    expect(await repository.tags()).toContain(pushed.root.replace(':', '-'));
  });

  it('that a registry lists as its own referrer is no endless walk', async () => {
    const { source } = copyTo(other.url, 'circle');
    const lying = repositoryAt(one.url, 'platform', {
      credentials,
      exchange: async (request) => {
        if (!request.url.includes('/referrers/')) return loopbackExchange(request);
        const { size, mediaType } = (await source.repository.resolve(pushed.root)) ?? {
          size: 0,
          mediaType: '',
        };
        const index = JSON.stringify({
          schemaVersion: 2,
          manifests: [{ mediaType, digest: pushed.root, size }],
        });
        return {
          status: 200,
          headers: {},
          body: toAsync(index),
          discard() {},
        };
      },
    });
    const { copy } = copyTo(other.url, 'circle', { source: lying.repository });
    expect(await copyGraph(copy, pushed.root)).toMatchObject({ done: true, manifests: 3 });
  });
});

async function* toAsync(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

/** Every request is a place to die at; the usual run takes one in nineteen. */
const killStep = times(19, 1);

describe('a copy that breaks off', () => {
  it('at any request ends the same when it is done again, with no byte sent twice beyond the chunk in flight', async () => {
    const whole = copyTo(other.url, 'measure');
    await copyGraph(whole.copy, pushed.root);
    const calls = whole.target.requests.length;
    const total = sent(whole.target.requests);
    for (let kill = 1; kill <= calls; kill += killStep) {
      const path = `killed/at-${kill}`;
      const uploads = uploadMemory();
      let count = 0;
      const dying = repositoryAt(other.url, path, {
        credentials,
        exchange: (request) => {
          count += 1;
          // The request arrives and its answer does not: the worst moment.
          if (count === kill)
            return loopbackExchange(request).then(() => Promise.reject(new Error('killed')));
          return count > kill ? Promise.reject(new Error('dead')) : loopbackExchange(request);
        },
      });
      const first = copyTo(other.url, path, { target: dying.repository, uploads, parallel: 1 });
      await copyGraph(first.copy, pushed.root).catch(() => undefined);
      const second = copyTo(other.url, path, { uploads, parallel: 1 });
      expect(await copyGraph(second.copy, pushed.root)).toMatchObject({ done: true });
      await expectWhole(other.url, path);
      const before = sent(dying.requests.slice(0, kill));
      expect(before + sent(second.target.requests)).toBeLessThanOrEqual(total + 8_000);
    }
  });

  it('stops when its time is up and goes on from where it was', async () => {
    const uploads = uploadMemory();
    const outcomes: boolean[] = [];
    let bytes = 0;
    for (let round = 0; outcomes.at(-1) !== true && round < 50; round += 1) {
      let left = 2;
      const { copy, target } = copyTo(other.url, 'in-time', {
        uploads,
        parallel: 1,
        late: () => left-- <= 0,
      });
      outcomes.push((await copyGraph(copy, pushed.root)).done);
      bytes += sent(target.requests);
    }
    expect(outcomes.length).toBeGreaterThan(3);
    const once = copyTo(other.url, 'at-once');
    await copyGraph(once.copy, pushed.root);
    expect(bytes).toBe(sent(once.target.requests));
    await expectWhole(other.url, 'in-time');
  });
});

describe('what a source gets wrong', () => {
  const corrupting = (change: (bytes: Buffer) => Buffer, matches: (url: string) => boolean) =>
    repositoryAt(one.url, 'platform', {
      credentials,
      exchange: async (request) => {
        const response = await loopbackExchange(request);
        if (!matches(request.url) || request.method !== 'GET') return response;
        const chunks: Uint8Array[] = [];
        for await (const chunk of response.body) chunks.push(chunk);
        const changed = change(Buffer.concat(chunks));
        return { ...response, body: toAsync(changed.toString('latin1')), headers: response.headers };
      },
    }).repository;

  const flipped = (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
    return copy;
  };
  const layer = (): Digest => pushed.blobs[1] ?? pushed.root;

  it.each([
    ['another byte in a manifest', flipped, () => '/manifests/'],
    ['another byte in a layer', flipped, () => `/blobs/${layer()}`],
    ['a layer cut short', (bytes: Buffer) => bytes.subarray(0, 10), () => `/blobs/${layer()}`],
    ['a layer that goes on', (bytes: Buffer) => Buffer.concat([bytes, bytes]), () => `/blobs/${layer()}`],
  ])('%s copies nothing that anybody finds', async (name, change, part) => {
    const path = `corrupt/${name.replaceAll(/[^a-z]+/g, '-')}`;
    const source = corrupting(change, (url) => url.includes(part()));
    const { copy, target } = copyTo(other.url, path, { source });
    await expect(copyGraph(copy, pushed.root)).rejects.toMatchObject({ name: 'RegistryFault' });
    expect(await target.repository.resolve(pushed.root)).toBeUndefined();
    expect(await target.repository.hasBlob(layer())).toBe(false);
  });
});
