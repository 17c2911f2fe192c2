import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretsManager } from '../../../functions/adapters/secrets/secrets-manager.ts';
import { isOwnSecret } from '../../../functions/domain/catalog/own-secret.ts';
import { type Listener, listen } from '../../support/listener.ts';

describe('a secret reference', () => {
  it.each(['sluice/acme/gw', 'sluice/acme/gateways/gw-789', 'sluice/acme/a_b+c=d.e@f'])(
    'is own: %s',
    (ref) => {
      expect(isOwnSecret('acme', ref)).toBe(true);
    },
  );

  it.each([
    'sluice/globex/gw',
    'sluice/acme2/gw',
    'sluice/acme',
    'sluice/acme/',
    'sluice/acme/../globex/gw',
    'sluice/acme//gw',
    'sluice/acme/gw ',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:sluice/acme/gw',
    'gw',
    '',
    `sluice/acme/${'x'.repeat(600)}`,
  ])('is not own: %s', (ref) => {
    expect(isOwnSecret('acme', ref)).toBe(false);
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

  const secrets = () =>
    secretsManager(
      new SecretsManagerClient({
        endpoint: `http://127.0.0.1:${service.port}`,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        maxAttempts: 1,
      }),
    );

  it('reads the tenant’s own secret', async () => {
    answer = { status: 200, body: { SecretString: 's3cret' } };
    expect(await secrets().read('acme', 'sluice/acme/gw')).toBe('s3cret');
    expect(JSON.parse(service.received[0]?.body ?? '')).toEqual({ SecretId: 'sluice/acme/gw' });
  });

  it('never asks for another tenant’s', async () => {
    answer = { status: 200, body: { SecretString: 's3cret' } };
    expect(await secrets().read('acme', 'sluice/globex/gw')).toBeUndefined();
    expect(service.received).toEqual([]);
  });

  it('knows a secret that is not there', async () => {
    answer = { status: 400, body: { __type: 'ResourceNotFoundException' } };
    expect(await secrets().read('acme', 'sluice/acme/gw')).toBeUndefined();
  });

  it.each([
    ['Throttled', 400, 'ThrottlingException'],
    ['Unavailable', 500, 'InternalServiceError'],
    ['AccessDeniedException', 400, 'AccessDeniedException'],
  ])('throws %s on %i %s', async (name, status, type) => {
    answer = { status, body: { __type: type } };
    await expect(secrets().read('acme', 'sluice/acme/gw')).rejects.toMatchObject({ name });
  });

  it('throws Unavailable when nobody answers', async () => {
    const away = secrets();
    await service.stop();
    await expect(away.read('acme', 'sluice/acme/gw')).rejects.toMatchObject({ name: 'Unavailable' });
  });
});
