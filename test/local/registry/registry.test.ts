import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials, sha256, startRegistry, type TestRegistry } from '../../support/local-registry.ts';

const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

type Sent = { readonly headers?: Record<string, string>; readonly body?: string | Buffer };

function send(method: string, path: string, { headers = {}, body }: Sent = {}): Promise<Response> {
  return fetch(new URL(path, registry.url), {
    method,
    headers: { authorization: credentials, ...headers },
    ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
    redirect: 'manual',
  });
}

async function pushBlob(name: string, content: string): Promise<string> {
  const digest = sha256(content);
  const answer = await send('POST', `/v2/${name}/blobs/uploads/?digest=${digest}`, { body: content });
  expect(answer.status).toBe(201);
  return digest;
}

function image(config: string, layers: readonly string[], more: object = {}): string {
  const of = (content: string, mediaType: string) => ({
    mediaType,
    digest: sha256(content),
    size: Buffer.byteLength(content),
  });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: IMAGE,
    config: of(config, 'application/vnd.oci.image.config.v1+json'),
    layers: layers.map((layer) => of(layer, 'application/vnd.oci.image.layer.v1.tar')),
    ...more,
  });
}

async function pushImage(name: string, reference: string, more: object = {}): Promise<string> {
  await pushBlob(name, '{}');
  await pushBlob(name, 'layer');
  const manifest = image('{}', ['layer'], more);
  const answer = await send('PUT', `/v2/${name}/manifests/${reference}`, {
    headers: { 'content-type': IMAGE },
    body: manifest,
  });
  expect(answer.status).toBe(201);
  return sha256(manifest);
}

const json = async (answer: Response): Promise<ReturnType<typeof JSON.parse>> => answer.json();
const codeOf = async (answer: Response) => (await json(answer)).errors[0].code;

describe('credentials', () => {
  it('are asked for at the base path and for writing, not for reading', async () => {
    const base = await fetch(`${registry.url}/v2/`);
    expect([base.status, base.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="Sluice"']);
    expect((await send('GET', '/v2/')).status).toBe(200);
    const write = await fetch(`${registry.url}/v2/a/blobs/uploads/`, { method: 'POST' });
    expect(write.status).toBe(401);
    const digest = await pushBlob('open', 'read me');
    expect(await (await fetch(`${registry.url}/v2/open/blobs/${digest}`)).text()).toBe('read me');
  });

  it('are refused when they are wrong, also for reading; an empty name is none', async () => {
    const wrong = `Basic ${Buffer.from('sluice:guess').toString('base64')}`;
    expect((await send('GET', '/v2/a/tags/list', { headers: { authorization: wrong } })).status).toBe(401);
    const empty = `Basic ${Buffer.from(':').toString('base64')}`;
    const digest = await pushBlob('open', 'x');
    const read = await send('HEAD', `/v2/open/blobs/${digest}`, { headers: { authorization: empty } });
    expect(read.status).toBe(200);
  });

  it('help no page of another host', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const { port } = new URL(registry.url);
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.end(
          `GET /v2/a/tags/list HTTP/1.1\r\nHost: rebound.example\r\nAuthorization: ${credentials}\r\n\r\n`,
        );
      });
      socket.on('data', (data) => resolve(data.toString('utf8')));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
  });
});

describe('uploads', () => {
  it('are resumed by the offset that the registry reports', async () => {
    const opened = await send('POST', '/v2/app/blobs/uploads/');
    const location = opened.headers.get('location') ?? '';
    expect(opened.status).toBe(202);
    const first = await send('PATCH', location, { headers: { 'content-range': '0-4' }, body: 'hello' });
    expect([first.status, first.headers.get('range')]).toEqual([202, '0-4']);
    const misplaced = await send('PATCH', location, { headers: { 'content-range': '7-9' }, body: 'abc' });
    expect([misplaced.status, misplaced.headers.get('range')]).toEqual([416, '0-4']);
    const asked = await send('GET', location);
    expect([asked.status, asked.headers.get('range')]).toEqual([204, '0-4']);
    const digest = sha256('hello world');
    const done = await send('PUT', `${location}?digest=${digest}`, {
      headers: { 'content-range': '5-10' },
      body: ' world',
    });
    expect([done.status, done.headers.get('docker-content-digest')]).toEqual([201, digest]);
    expect((await send('GET', location)).status).toBe(404);
    const range = await send('GET', `/v2/app/blobs/${digest}`, { headers: { range: 'bytes=6-' } });
    expect([range.status, await range.text()]).toEqual([206, 'world']);
  });

  it('keep what arrived before the connection broke', async () => {
    const location = (await send('POST', '/v2/app/blobs/uploads/')).headers.get('location') ?? '';
    const { port } = new URL(registry.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      `PATCH ${location} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${credentials}\r\nContent-Length: 100\r\n\r\n0123456789`,
    );
    const arrived = async () => (await send('GET', location)).headers.get('range');
    await expect.poll(arrived, { timeout: 600_000 }).toBe('0-9');
    socket.destroy();
    const rest = { headers: { 'content-range': '10-10' }, body: '!' };
    await expect
      .poll(async () => (await send('PATCH', location, rest)).headers.get('range'), { timeout: 600_000 })
      .toBe('0-10');
  });

  it('whose bytes have another digest leave nothing behind', async () => {
    const answer = await send('POST', `/v2/app/blobs/uploads/?digest=${sha256('this')}`, { body: 'that' });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'DIGEST_INVALID']);
    expect((await send('HEAD', `/v2/app/blobs/${sha256('that')}`)).status).toBe(404);
  });

  it('are no blob of bytes that were cut off, however long what came instead is', async () => {
    const digest = await pushBlob('app', 'hello honest tail');
    const location = (await send('POST', '/v2/other/blobs/uploads/')).headers.get('location') ?? '';
    await send('PATCH', location, { headers: { 'content-range': '0-5' }, body: 'hello ' });
    const short = await send('PATCH', location, {
      headers: { 'content-range': '6-17' },
      body: 'honest tail',
    });
    expect([short.status, await codeOf(short)]).toEqual([400, 'BLOB_UPLOAD_INVALID']);
    const instead = await send('PATCH', location, {
      headers: { 'content-range': '6-16' },
      body: 'forged tail',
    });
    expect([instead.status, instead.headers.get('range')]).toEqual([202, '0-16']);
    const finished = await send('PUT', `${location}?digest=${digest}`);
    expect([finished.status, await codeOf(finished)]).toEqual([400, 'DIGEST_INVALID']);
    expect(await (await send('GET', `/v2/app/blobs/${digest}`)).text()).toBe('hello honest tail');
    expect((await send('HEAD', `/v2/other/blobs/${digest}`)).status).toBe(404);
  });

  it('belong to their repository', async () => {
    const location = (await send('POST', '/v2/app/blobs/uploads/')).headers.get('location') ?? '';
    expect((await send('GET', location.replace('/app/', '/other/'))).status).toBe(404);
    expect((await send('DELETE', location)).status).toBe(204);
    expect((await send('PATCH', location, { body: 'x' })).status).toBe(404);
  });

  it('are spared by a mount where the other repository has the blob', async () => {
    const digest = await pushBlob('from/here', 'mounted');
    const mounted = await send('POST', `/v2/to/there/blobs/uploads/?mount=${digest}&from=from/here`);
    expect(mounted.status).toBe(201);
    expect((await send('HEAD', `/v2/to/there/blobs/${digest}`)).status).toBe(200);
    const absent = await send('POST', `/v2/to/there/blobs/uploads/?mount=${sha256('no')}&from=from/here`);
    expect([absent.status, absent.headers.has('location')]).toEqual([202, true]);
  });
});

describe('manifests', () => {
  it('come back byte for byte, by tag and by digest', async () => {
    const digest = await pushImage('app', 'latest-dev');
    for (const reference of ['latest-dev', digest]) {
      const answer = await send('GET', `/v2/app/manifests/${reference}`);
      expect(answer.headers.get('docker-content-digest')).toBe(digest);
      expect(answer.headers.get('content-type')).toBe(IMAGE);
      expect(sha256(await answer.text())).toBe(digest);
    }
  });

  it('are refused when something that they list is missing', async () => {
    const manifest = image('nobody has this', []);
    const answer = await send('PUT', '/v2/app/manifests/broken', {
      headers: { 'content-type': IMAGE },
      body: manifest,
    });
    expect([answer.status, await codeOf(answer)]).toEqual([404, 'MANIFEST_BLOB_UNKNOWN']);
    const index = JSON.stringify({
      schemaVersion: 2,
      manifests: [{ mediaType: IMAGE, digest: sha256(manifest), size: manifest.length }],
    });
    const listed = await send('PUT', '/v2/app/manifests/broken', {
      headers: { 'content-type': INDEX },
      body: index,
    });
    expect(await codeOf(listed)).toBe('MANIFEST_BLOB_UNKNOWN');
  });

  it.each([
    ['no JSON', IMAGE, '{'],
    ['another schema', IMAGE, '{"schemaVersion":1}'],
    ['an unknown type', 'text/plain', '{"schemaVersion":2}'],
    ['two types', INDEX, JSON.stringify({ schemaVersion: 2, mediaType: IMAGE, manifests: [] })],
    [
      'a descriptor without size',
      INDEX,
      JSON.stringify({ schemaVersion: 2, manifests: [{ digest: sha256('') }] }),
    ],
  ])('are refused with %s', async (_, type, body) => {
    const answer = await send('PUT', '/v2/app/manifests/x', { headers: { 'content-type': type }, body });
    expect([answer.status, await codeOf(answer)]).toEqual([400, 'MANIFEST_INVALID']);
  });

  it('keep tags that look like versions', async () => {
    const first = await pushImage('app', 'v1.2.3-dev');
    expect(await pushImage('app', 'v1.2.3-dev')).toBe(first);
    await pushBlob('app', 'other');
    const other = image('other', []);
    const moved = await send('PUT', '/v2/app/manifests/v1.2.3-dev', {
      headers: { 'content-type': IMAGE },
      body: other,
    });
    expect([moved.status, await codeOf(moved)]).toEqual([409, 'DENIED']);
    const latest = await send('PUT', '/v2/app/manifests/latest-dev', {
      headers: { 'content-type': IMAGE },
      body: other,
    });
    expect(latest.status).toBe(201);
    expect((await send('HEAD', '/v2/app/manifests/v1.2.3-dev')).headers.get('docker-content-digest')).toBe(
      first,
    );
  });

  it('are untagged by tag and removed by digest', async () => {
    const digest = await pushImage('gone', 'one');
    await pushImage('gone', 'two');
    expect((await send('DELETE', '/v2/gone/manifests/one')).status).toBe(202);
    expect((await send('HEAD', `/v2/gone/manifests/${digest}`)).status).toBe(200);
    expect((await send('DELETE', `/v2/gone/manifests/${digest}`)).status).toBe(202);
    expect((await send('HEAD', '/v2/gone/manifests/two')).status).toBe(404);
    expect((await json(await send('GET', '/v2/gone/tags/list'))).tags).toEqual([]);
  });
});

describe('referrers', () => {
  it('are listed by subject, filtered by type, and gone with their manifest', async () => {
    const subject = await pushImage('signed', 'v1.0.0');
    const descriptor = { mediaType: IMAGE, digest: subject, size: 1 };
    const sbom = await pushImage('signed', 'sbom', {
      subject: descriptor,
      artifactType: 'application/spdx+json',
    });
    const signature = await pushImage('signed', 'signature', {
      subject: descriptor,
      artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      annotations: { note: 'kept' },
    });
    const all = await send('GET', `/v2/signed/referrers/${subject}`);
    expect(all.headers.get('content-type')).toBe(INDEX);
    const { manifests } = await json(all);
    expect(manifests.map(({ digest }: { digest: string }) => digest).sort()).toEqual(
      [sbom, signature].sort(),
    );
    const filtered = await send(
      'GET',
      `/v2/signed/referrers/${subject}?artifactType=application/spdx%2Bjson`,
    );
    expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType');
    expect((await json(filtered)).manifests).toMatchObject([
      { digest: sbom, mediaType: IMAGE, artifactType: 'application/spdx+json' },
    ]);
    await send('DELETE', `/v2/signed/manifests/${sbom}`);
    const left = await json(await send('GET', `/v2/signed/referrers/${subject}`));
    expect(left.manifests).toMatchObject([{ digest: signature, annotations: { note: 'kept' } }]);
  });

  it('of a digest that nobody refers to are an empty index', async () => {
    const answer = await send('GET', `/v2/nobody/referrers/${sha256('nothing')}`);
    expect([answer.status, (await json(answer)).manifests]).toEqual([200, []]);
  });
});

describe('tags', () => {
  it('are paged', async () => {
    for (const tag of ['a', 'b', 'c']) await pushImage('paged', tag);
    const first = await send('GET', '/v2/paged/tags/list?n=2');
    expect(first.headers.get('link')).toBe('</v2/paged/tags/list?n=2&last=b>; rel="next"');
    expect((await json(first)).tags).toEqual(['a', 'b']);
    expect((await json(await send('GET', '/v2/paged/tags/list?n=2&last=b'))).tags).toEqual(['c']);
  });
});
