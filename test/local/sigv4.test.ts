import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../local/http-api/event.ts';
import { authorizeIam } from '../../local/http-api/iam-authorizer.ts';
import { signedHeaders } from '../support/runtime-sign.ts';

const machine = {
  access_key_id: 'ASIALOCALMACHINE0001',
  secret_access_key: 'a-secret-of-some-length',
  account_id: '111122223333',
  role_name: 'ci',
  unique_id: 'AROALOCALMACHINE0001',
  session_name: 'run-7',
};
const now = Date.parse('2026-11-21T10:00:00Z');

/** A request signed by the signer of the AWS SDK. */
async function signed(
  path = '/api/v1/promotions',
  query = '',
  body = '{"a":1}',
  { service = 'execute-api', secret = machine.secret_access_key } = {},
): Promise<HttpRequest> {
  const headers = await signedHeaders({
    method: 'POST',
    url: `http://127.0.0.1:8888${path}${query === '' ? '' : `?${query}`}`,
    body,
    headers: { 'x-spaced': ' a   b ' },
    credential: { access_key_id: machine.access_key_id, secret_access_key: secret },
    service,
    at: new Date(now),
  });
  return {
    method: 'POST',
    path: decodeURIComponent(path),
    rawPath: path,
    rawQuery: query,
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
    ['an encoded path', '/api/v1/a%20b/%C3%A4', ''],
    ['a query to be sorted and encoded', '/api', "b=x%20y&a=1%2F2&c=it's%20(fine)*!"],
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
    const request = await signed('/api', 'a=1');
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
