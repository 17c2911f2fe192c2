import { beforeEach, describe, expect, it } from 'vitest';
import type { OciRequest, OciResponse } from '../../../functions/adapters/oci/exchange.ts';
import { ociRegistries } from '../../../functions/adapters/oci/registries.ts';
import { sigstoreSignatures } from '../../../functions/adapters/sigstore/signatures.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';

const HOST = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
const API = 'https://api.ecr.eu-west-1.amazonaws.com/';
const START = Date.parse('2026-11-21T10:00:00.000Z');
const MINUTE = 60_000;
const manifest = Buffer.from('{"schemaVersion":2}');

/** A registry and the API of its tokens, the requests that came, and the clock. */
let now: number;
let requests: OciRequest[];
let issued: number;
let api: (token: string) => { status: number; body: unknown };
let secret: string | undefined;
let number = 0;

beforeEach(() => {
  [now, requests, issued] = [START, [], 0];
  number += 1;
  secret = JSON.stringify({ access_key_id: `AKIA${number}`, secret_access_key: 'a secret access key' });
  api = (token) => ({
    status: 200,
    body: { authorizationData: [{ authorizationToken: token, expiresAt: now / 1000 + 12 * 3600 }] },
  });
});

const answer = (status: number, body: string | Buffer, headers = {}): OciResponse => ({
  ...{ status, headers },
  body: (async function* () {
    yield Buffer.from(body);
  })(),
  discard() {},
});

const password = () => `pass-${number}-${issued}`;
const basic = () => `Basic ${Buffer.from(`AWS:${password()}`).toString('base64')}`;

async function exchange(request: OciRequest): Promise<OciResponse> {
  requests.push(request);
  if (request.url === API) {
    issued += 1;
    const { status, body } = api(Buffer.from(`AWS:${password()}`).toString('base64'));
    return answer(status, JSON.stringify(body));
  }
  if (issued > 0 && request.headers['authorization'] === basic()) {
    return answer(200, manifest, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' });
  }
  return answer(401, '', {
    'www-authenticate': `Basic realm="https://${HOST}/",service="ecr.amazonaws.com"`,
  });
}

function open(type: 'ecr' | 'oci' = 'ecr', host = HOST) {
  return ociRegistries({
    ...{ copySeconds: 1, exchange, signatures: sigstoreSignatures, now: () => now, sleep: async () => {} },
    secrets: { read: async () => secret },
  }).repository(
    'acme',
    {
      ...{ id: 'ecr', type, role: 'primary', url: `https://${host}`, version: 1 },
      secret_ref: 'sluice/acme/registry/ecr',
      ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
    },
    'app',
  );
}
const read = async () => (await open().readManifest(digestOfBytes(manifest)))?.digest;
const questions = () => requests.filter(({ url }) => url === API);

describe('a registry of ECR', () => {
  it('is opened by a token that the API of its region gives for the keys of the secret', async () => {
    expect(await read()).toBe(digestOfBytes(manifest));
    const [question] = questions();
    expect(question).toMatchObject({
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken',
        'x-amz-date': '20261121T100000Z',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKIA\d+\/20261121\/eu-west-1\/ecr\/aws4_request, SignedHeaders=.*host.*x-amz-target, Signature=[0-9a-f]{64}$/,
        ),
      },
    });
    expect(JSON.stringify(requests)).not.toContain('a secret access key');
  });

  it('is asked for one token until shortly before it expires', async () => {
    await read();
    now += 11 * 60 * MINUTE;
    await read();
    expect(questions()).toHaveLength(1);
    now += 50 * MINUTE;
    expect(await read()).toBe(digestOfBytes(manifest));
    expect(questions()).toHaveLength(2);
  });

  it('is asked once where many want a token at once', async () => {
    const repository = open();
    await Promise.all([1, 2, 3].map(() => repository.readManifest(digestOfBytes(manifest))));
    await Promise.all([read(), read()]);
    expect(questions()).toHaveLength(1);
  });

  it('is asked anew for keys that were rotated', async () => {
    await read();
    secret = JSON.stringify({ access_key_id: `AKIB${number}`, secret_access_key: 'another' });
    await read();
    expect(questions().map(({ headers }) => /AKI[AB]/.exec(headers['authorization'] ?? '')?.[0])).toEqual([
      'AKIA',
      'AKIB',
    ]);
  });

  it('sends the token of a session, signed', async () => {
    secret = JSON.stringify({ access_key_id: 'ASIA', secret_access_key: 's', session_token: `t${number}` });
    await read();
    expect(questions()[0]?.headers).toMatchObject({ 'x-amz-security-token': `t${number}` });
  });

  it('takes a user and a password as every other registry does', async () => {
    secret = JSON.stringify({ username: 'AWS', password: 'mine' });
    await expect(read()).rejects.toMatchObject({ code: 'registry_denied' });
    expect(questions()).toEqual([]);
  });

  it.each<[string, number, unknown, string]>([
    ['keys that are unknown', 400, { __type: 'UnrecognizedClientException' }, 'registry_denied'],
    ['keys without the right', 400, { __type: 'com.amazon#AccessDeniedException' }, 'registry_denied'],
    ['keys that expired', 400, { __type: 'ExpiredTokenException' }, 'registry_denied'],
    ['too many questions', 400, { __type: 'ThrottlingException' }, 'registry_throttled'],
    ['a fault of its own', 500, { __type: 'ServerException' }, 'registry_unavailable'],
    ['no token', 200, { authorizationData: [] }, 'registry_corrupt'],
    ['what is no token', 200, { authorizationData: [{ authorizationToken: 'AA==' }] }, 'registry_corrupt'],
    ['more than an answer has', 200, { padding: 'x'.repeat(70_000) }, 'registry_corrupt'],
  ])('whose API answers with %s is a fault, kept by nobody', async (_, status, body, code) => {
    const good = api;
    api = () => ({ status, body });
    await expect(read()).rejects.toMatchObject({ code });
    await expect(read()).rejects.not.toMatchObject({
      message: expect.stringContaining('a secret access key'),
    });
    api = good;
    expect(await read()).toBe(digestOfBytes(manifest));
  });

  it.each([
    'registry.example.com',
    `${HOST}.evil.example.com`,
    'evil.dkr.ecr.eu-west-1.amazonaws.com',
    '123456789012.dkr.ecr.evil.example.com',
  ])('is not %s, which gets no token', async (host) => {
    await expect(open('ecr', host).readManifest('v1')).rejects.toMatchObject({ code: 'registry_denied' });
    expect(questions()).toEqual([]);
    expect(requests.some(({ headers }) => 'authorization' in headers)).toBe(false);
  });

  it('is not meant by AWS keys of another type of registry', async () => {
    await expect(open('oci').readManifest('v1')).rejects.toMatchObject({ code: 'registry_denied' });
    expect(questions()).toEqual([]);
  });
});
