import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../local/http-api/event.ts';
import { authorizeIam } from '../../local/http-api/iam-authorizer.ts';

const machine = {
  access_key_id: 'ASIALOCALMACHINE0001',
  secret_access_key: 'a-secret-of-some-length',
  account_id: '111122223333',
  role_name: 'ci',
  unique_id: 'AROALOCALMACHINE0001',
  session_name: 'run-7',
};
const now = Date.parse('2026-11-21T10:00:00Z');

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }
  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(data));
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
}

/** A request signed by the signer of the AWS SDK. */
async function signed(
  path = '/api/v1/promotions',
  query: Record<string, string> = {},
  body = '{"a":1}',
  { service = 'execute-api', secret = machine.secret_access_key, at = now } = {},
): Promise<HttpRequest> {
  const signer = new SignatureV4({
    service,
    region: 'us-east-1',
    credentials: { accessKeyId: machine.access_key_id, secretAccessKey: secret },
    sha256: Sha256,
  });
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname: '127.0.0.1',
    path,
    query,
    headers: { host: '127.0.0.1:8888', 'content-type': 'application/json', 'x-spaced': ' a   b ' },
    body,
  };
  const { headers } = await signer.sign(request, { signingDate: new Date(at) });
  const rawQuery = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  return {
    method: 'POST',
    path: decodeURIComponent(path),
    rawPath: path,
    rawQuery,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(body),
    sourceIp: '127.0.0.1',
    receivedAt: now,
    requestId: 'r',
  };
}

describe('the IAM authorizer', () => {
  it('accepts what the SDK signs, and says who it is', async () => {
    expect(authorizeIam(await signed(), [machine], now)).toEqual({
      allowed: true,
      authorizer: {
        iam: {
          accessKey: 'ASIALOCALMACHINE0001',
          accountId: '111122223333',
          callerId: 'AROALOCALMACHINE0001:run-7',
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: 'arn:aws:sts::111122223333:assumed-role/ci/run-7',
          userId: 'AROALOCALMACHINE0001:run-7',
        },
      },
    });
  });

  it.each([
    ['an encoded path', '/api/v1/a%20b/%C3%A4', {}],
    ['a query to be sorted and encoded', '/api', { b: 'x y', a: '1/2', c: "it's (fine)*!" }],
  ])('accepts %s', async (_, path, query) => {
    expect(authorizeIam(await signed(path, query), [machine], now)).toMatchObject({ allowed: true });
  });

  it('accepts five minutes of skew and no more', async () => {
    const request = await signed();
    const minutes = 60_000;
    expect(authorizeIam(request, [machine], now + 5 * minutes).allowed).toBe(true);
    expect(authorizeIam(request, [machine], now - 5 * minutes).allowed).toBe(true);
    expect(authorizeIam(request, [machine], now + 5 * minutes + 1000).allowed).toBe(false);
    expect(authorizeIam(request, [machine], now - 5 * minutes - 1000).allowed).toBe(false);
  });

  it('refuses with 403 whatever was changed after signing', async () => {
    const request = await signed('/api', { a: '1' });
    const headers = request.headers;
    const changed: Partial<HttpRequest>[] = [
      { method: 'PUT' },
      { rawPath: '/api/x' },
      { rawQuery: 'a=2' },
      { rawQuery: 'a=1&b=1' },
      { body: Buffer.from('{"a":2}') },
      { headers: { ...headers, host: 'elsewhere' } },
      { headers: { ...headers, 'x-amz-date': '20261121T100001Z' } },
      { headers: { ...headers, authorization: `${headers.authorization}0` } },
      {
        headers: {
          ...headers,
          authorization: headers.authorization?.replace(/.$/, (c) => (c === '0' ? '1' : '0')),
        },
      },
      { headers: { ...headers, authorization: headers.authorization?.replace('us-east-1', 'eu-west-1') } },
      { headers: { ...headers, authorization: headers.authorization?.replace('host;', '') } },
    ];
    expect(authorizeIam(request, [machine], now).allowed).toBe(true);
    for (const change of changed) {
      expect(authorizeIam({ ...request, ...change }, [machine], now), JSON.stringify(change)).toEqual({
        allowed: false,
        status: 403,
        headers: {},
      });
    }
  });

  it('refuses an unknown key, a wrong secret and another service', async () => {
    expect(authorizeIam(await signed(), [], now).allowed).toBe(false);
    const wrongSecret = await signed(undefined, undefined, undefined, {
      secret: 'another-secret-of-some-length',
    });
    expect(authorizeIam(wrongSecret, [machine], now).allowed).toBe(false);
    const wrongService = await signed(undefined, undefined, undefined, { service: 's3' });
    expect(authorizeIam(wrongService, [machine], now).allowed).toBe(false);
  });
});
