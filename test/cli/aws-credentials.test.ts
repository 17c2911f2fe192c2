import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsSigner } from '../../cli/http/aws.ts';
import { type Listener, listen } from '../support/listener.ts';

/** Every variable by which the AWS SDK finds credentials: none of this machine may answer for a test. */
const VARIABLES = [
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'],
  ...['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN', 'AWS_ROLE_SESSION_NAME', 'AWS_ENDPOINT_URL_STS'],
  ...['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
  ...['AWS_CONTAINER_AUTHORIZATION_TOKEN', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'],
] as const;

let folder: string;
let server: Listener | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-aws-'));
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** The headers of one signed request. */
const signed = (profile?: string) =>
  awsSigner(
    'eu-central-1',
    profile,
  )({
    method: 'POST',
    url: new URL('https://machines.example.com/api/v1/promotions?limit=1'),
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
const by = (id: string) =>
  expect.stringMatching(
    new RegExp(
      `^AWS4-HMAC-SHA256 Credential=${id}/\\d{8}/eu-central-1/execute-api/aws4_request, SignedHeaders=`,
    ),
  );
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

describe('credentials of AWS are found', () => {
  it('in the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAENV');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'session');
    expect(await signed()).toMatchObject({ authorization: by('AKIAENV'), 'x-amz-security-token': 'session' });
  });

  it('in the files of profiles, where a named one goes before the environment', async () => {
    await writeFile(
      join(folder, 'credentials'),
      '[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n[ci]\naws_access_key_id = AKIACI\naws_secret_access_key = s\n',
    );
    expect(await signed()).toMatchObject({ authorization: by('AKIADEFAULT') });
    expect(await signed('ci')).toMatchObject({ authorization: by('AKIACI') });
    vi.stubEnv('AWS_PROFILE', 'ci');
    expect(await signed()).toMatchObject({ authorization: by('AKIACI') });
  });

  it('by credential_process, version 1 of its answer', async () => {
    const answer = {
      ...{ Version: 1, AccessKeyId: 'ASIAPROCESS', SecretAccessKey: 's', SessionToken: 'from the process' },
      Expiration: inAnHour(),
    };
    await writeFile(join(folder, 'answer.json'), JSON.stringify(answer));
    await writeFile(
      join(folder, 'config'),
      `[profile made]\ncredential_process = /bin/cat ${join(folder, 'answer.json')}\n`,
    );
    expect(await signed('made')).toMatchObject({
      authorization: by('ASIAPROCESS'),
      'x-amz-security-token': 'from the process',
    });
  });

  it('at a container’s address, with its token', async () => {
    const asked: unknown[] = [];
    server = await listen(({ headers }, _, response) => {
      asked.push(headers['authorization']);
      const answer = {
        AccessKeyId: 'ASIACONTAINER',
        SecretAccessKey: 's',
        Token: 'of the task',
        Expiration: inAnHour(),
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${server.port}/v1/credentials`);
    vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', 'pod identity');
    expect(await signed()).toMatchObject({
      authorization: by('ASIACONTAINER'),
      'x-amz-security-token': 'of the task',
    });
    expect(asked).toEqual(['pod identity']);
  });

  it('for the web identity of a pipeline', async () => {
    const asked: URLSearchParams[] = [];
    server = await listen(({ body }, _, response) => {
      asked.push(new URLSearchParams(body));
      const made = `<AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>of the role</SessionToken><Expiration>${inAnHour()}</Expiration>`;
      response
        .writeHead(200, { 'content-type': 'text/xml' })
        .end(
          `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>${made}</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
        );
    });
    await writeFile(join(folder, 'token'), 'the token of the pipeline');
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(folder, 'token'));
    vi.stubEnv('AWS_ROLE_ARN', 'arn:aws:iam::123456789012:role/ci');
    vi.stubEnv('AWS_ENDPOINT_URL_STS', `http://127.0.0.1:${server.port}`);
    expect(await signed()).toMatchObject({
      authorization: by('ASIAWEB'),
      'x-amz-security-token': 'of the role',
    });
    expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
      Action: 'AssumeRoleWithWebIdentity',
      RoleArn: 'arn:aws:iam::123456789012:role/ci',
      WebIdentityToken: 'the token of the pipeline',
    });
  });

  it('nowhere: the failure says what to set', async () => {
    await expect(signed()).rejects.toMatchObject({
      code: 'not_authorized',
      exit: 12,
      message: expect.stringMatching(/^no AWS credentials: /),
      data: { hint: expect.stringContaining('AWS_PROFILE') },
    });
  });
});
