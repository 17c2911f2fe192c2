import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentials, startRegistry, type TestRegistry } from '../../support/local-registry.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

describe('hostile input', () => {
  it.each([
    ['/v2/../../etc/manifests/x', 404],
    ['/v2/%2e%2e/manifests/x', 404],
    ['/v2/UPPER/manifests/x', 400],
    ['/v2/a/_tags/manifests/x', 400],
    [`/v2/a/manifests/${'x'.repeat(129)}`, 404],
    ['/v2/a/manifests/..%2f..%2fx', 404],
    ['/v2/a/blobs/sha256:..%2f', 400],
    ['/v2/a/blobs/uploads/..%2f..%2fx', 404],
    ['/v2/a/tags/list?n=-1', 405],
  ])('GET %s reaches no file', async (path, status) => {
    const { hostname, port } = new URL(registry.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      });
      socket.on('data', (data) => resolve(data.toString('utf8')));
      socket.on('error', reject);
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 (${status}|400) `));
  });

  it('has no manifest above 4 MiB read', async () => {
    const body = Buffer.alloc(4 * 1024 * 1024 + 1, ' ');
    const answer = await fetch(`${registry.url}/v2/app/manifests/big`, {
      method: 'PUT',
      headers: { authorization: credentials, 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
      body,
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ errors: [{ code: 'SIZE_INVALID' }] });
  });
});
