import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretsManager } from '../../../functions/adapters/secrets/secrets-manager.ts';
import {
  isOwnSecret,
  SECRET_PURPOSES,
  type SecretUse,
} from '../../../functions/domain/catalog/own-secret.ts';
import { type Listener, listen } from '../../support/listener.ts';

const USE: SecretUse = { tenant: 'acme', purpose: 'gateway' };

describe('a secret reference', () => {
  it.each(['sluice/acme/gateway/gw', 'sluice/acme/gateway/eu/gw-789', 'sluice/acme/gateway/a_b+c=d.e@f'])(
    'is own: %s',
    (ref) => {
      expect(isOwnSecret(USE, ref)).toBe(true);
    },
  );

  it('is of one purpose and no other', () => {
    for (const purpose of SECRET_PURPOSES) {
      const fitting = SECRET_PURPOSES.filter((each) =>
        isOwnSecret({ ...USE, purpose: each }, `sluice/acme/${purpose}/x`),
      );
      expect(fitting).toEqual([purpose]);
    }
  });

  it.each([
    'sluice/globex/gateway/gw',
    'sluice/acme2/gateway/gw',
    'sluice/acme',
    'sluice/acme/',
    'sluice/acme/gw',
    'sluice/acme/gateway',
    'sluice/acme/gateway/',
    'sluice/acme/gateways/gw',
    'sluice/acme/webhook/gw',
    'sluice/acme/webhook/gateway/gw',
    'sluice/acme/gateway/../webhook/gw',
    'sluice/acme/gateway/../../globex/gateway/gw',
    'sluice/acme/gateway//gw',
    'sluice/acme/gateway/gw ',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:sluice/acme/gateway/gw',
    'gw',
    '',
    `sluice/acme/gateway/${'x'.repeat(600)}`,
  ])('is not own: %s', (ref) => {
    expect(isOwnSecret(USE, ref)).toBe(false);
  });
});

describe('the secrets adapter', () => {
  let service: Listener;
  let answer: { status: number; body: object } = { status: 200, body: {} };
  beforeEach(async () => {
    service = await listen((_, __, response) =>
      response
        .writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
        .end(JSON.stringify(answer.body)),
    );
  });
  afterEach(() => service.stop());

  const secrets = (prefix = 'sluice') =>
    secretsManager({
      prefix,
      client: new SecretsManagerClient({
        endpoint: `http://127.0.0.1:${service.port}`,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        maxAttempts: 1,
      }),
    });

  it('reads the tenant’s own secret', async () => {
    answer = { status: 200, body: { SecretString: 's3cret' } };
    expect(await secrets().read(USE, 'sluice/acme/gateway/gw')).toBe('s3cret');
    expect(JSON.parse(service.received[0]?.body ?? '')).toEqual({ SecretId: 'sluice/acme/gateway/gw' });
  });

  it('reads it under the prefix of its installation', async () => {
    answer = { status: 200, body: { SecretString: 's3cret' } };
    await secrets('sluice-dev').read(USE, 'sluice/acme/gateway/gw');
    expect(JSON.parse(service.received[0]?.body ?? '')).toEqual({ SecretId: 'sluice-dev/acme/gateway/gw' });
  });

  it('never asks for a secret of another tenant or another purpose', async () => {
    answer = { status: 200, body: { SecretString: 's3cret' } };
    expect(await secrets().read(USE, 'sluice/globex/gateway/gw')).toBeUndefined();
    expect(await secrets().read(USE, 'sluice/acme/webhook/gw')).toBeUndefined();
    expect(service.received).toEqual([]);
  });

  it.each([
    'ResourceNotFoundException',
    'InvalidRequestException',
    'InvalidParameterException',
    'DecryptionFailure',
    'AccessDeniedException',
  ])('knows an unusable secret by %s', async (type) => {
    answer = { status: 400, body: { __type: type } };
    expect(await secrets().read(USE, 'sluice/acme/gateway/gw')).toBeUndefined();
  });

  it.each([
    ['Throttled', 400, 'ThrottlingException'],
    ['Unavailable', 500, 'InternalServiceError'],
    ['Unavailable', 400, 'ExpiredTokenException'],
  ])('throws %s on %i %s', async (name, status, type) => {
    answer = { status, body: { __type: type } };
    await expect(secrets().read(USE, 'sluice/acme/gateway/gw')).rejects.toMatchObject({ name });
  });

  it('throws Unavailable when nobody answers', async () => {
    const away = secrets();
    await service.stop();
    await expect(away.read(USE, 'sluice/acme/gateway/gw')).rejects.toMatchObject({ name: 'Unavailable' });
  });
});
