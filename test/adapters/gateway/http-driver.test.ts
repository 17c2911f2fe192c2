import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import { gatewayDriver } from '../../../functions/adapters/gateway/http-driver.ts';
import type { Gateway } from '../../../functions/domain/catalog/gateway.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import type { DeployRequest } from '../../../functions/ports/gateway-driver.ts';
import type { Secrets } from '../../../functions/ports/secrets.ts';
import { type Listener, listen } from '../../support/listener.ts';

const NOW = '2026-03-01T00:00:00.000Z';

const deployTo = (gateway: Partial<Gateway>): DeployRequest => ({
  tenant: 'acme',
  gateway: {
    id: 'gw-789',
    environment: 'production',
    driver: 'http',
    status: 'active',
    version: 1,
    created_at: NOW,
    updated_at: NOW,
    ...gateway,
  },
  idempotency_key: 'dep-9',
  fence: 4,
  agent_id: 'agent-123',
  digest: digestOfBytes('content'),
  deployment_id: 'dep-9',
  promotion_id: 'prom-1',
  environment: 'production',
  source_deployment_id: 'dep-456',
});

const noSecrets: Secrets = { read: async () => undefined };

describe('the gateway driver', () => {
  let gateway: Listener;
  let status = 200;
  beforeEach(async () => {
    status = 200;
    gateway = await listen((_, __, response) => response.writeHead(status).end('no\n\tway'));
  });
  afterEach(() => gateway.stop());

  const endpoint = () => `http://127.0.0.1:${gateway.port}/deploy`;
  const driver = (secrets: Secrets = noSecrets, allowLoopback = true) =>
    gatewayDriver({ egress: httpsEgress({ allowLoopback }), secrets });

  it('posts what to run, with the deployment as idempotency key and the fence of the claim', async () => {
    expect(await driver().deploy(deployTo({ endpoint: endpoint() }))).toEqual({ outcome: 'live' });
    expect(gateway.received).toHaveLength(1);
    const [request] = gateway.received;
    expect(request).toMatchObject({ method: 'POST', path: '/deploy' });
    expect(request?.headers).toMatchObject({
      'idempotency-key': 'dep-9',
      'content-type': 'application/json',
    });
    expect(request?.headers.authorization).toBeUndefined();
    expect(JSON.parse(request?.body ?? '')).toEqual({
      deployment_id: 'dep-9',
      promotion_id: 'prom-1',
      agent_id: 'agent-123',
      digest: digestOfBytes('content'),
      environment: 'production',
      source_deployment_id: 'dep-456',
      fence: 4,
    });
  });

  it.each([
    [200, 'live'],
    [201, 'unknown'],
    [202, 'accepted'],
    [204, 'unknown'],
    [301, 'unknown'],
    [307, 'unknown'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [408, 'unknown'],
    [409, 'unknown'],
    [425, 'unknown'],
    [429, 'unknown'],
    [499, 'refused'],
    [500, 'unknown'],
    [503, 'unknown'],
  ])('takes %i for %s', async (answered, outcome) => {
    status = answered;
    const result = await driver().deploy(deployTo({ endpoint: endpoint() }));
    expect(result.outcome).toBe(outcome);
    if ('message' in result)
      expect(result.message).toBe(`the gateway answered ${answered}${answered === 204 ? '' : ': no way'}`);
  });

  it('knows that nothing was asked of a gateway that refuses the connection', async () => {
    const { port } = gateway;
    await gateway.stop();
    const result = await driver().deploy(deployTo({ endpoint: `http://127.0.0.1:${port}/` }));
    const message = 'the gateway was not reached: ECONNREFUSED';
    expect(result).toEqual({ outcome: 'unsent', message, lasting: false });
  });

  it('calls nothing for a gateway that only records', async () => {
    const result = await driver().deploy(deployTo({ driver: 'record', endpoint: endpoint() }));
    expect(result).toEqual({ outcome: 'live' });
    expect(gateway.connections()).toBe(0);
  });

  it('is refused an endpoint that must not be called', async () => {
    const result = await driver(noSecrets, false).deploy(deployTo({ endpoint: endpoint() }));
    expect(result).toMatchObject({ outcome: 'unsent', lasting: true });
    expect(gateway.connections()).toBe(0);
  });

  it('sends the gateway’s secret as a bearer token, asked for by tenant and reference', async () => {
    const asked: Parameters<Secrets['read']>[] = [];
    const secrets: Secrets = {
      read: async (...of) => {
        asked.push(of);
        return 's3cret\n';
      },
    };
    await driver(secrets).deploy(deployTo({ endpoint: endpoint(), secret_ref: 'sluice/acme/gateway/gw' }));
    expect(asked).toEqual([[{ tenant: 'acme', purpose: 'gateway' }, 'sluice/acme/gateway/gw']]);
    expect(gateway.received[0]?.headers.authorization).toBe('Bearer s3cret');
  });

  it.each([
    ['missing', undefined],
    ['empty', ' '],
    ['two lines', 'a\r\nx-evil: 1'],
    ['not ASCII', 'clé'],
  ])('sends nothing when the secret is %s', async (_, secret) => {
    const result = await driver({ read: async () => secret }).deploy(
      deployTo({ endpoint: endpoint(), secret_ref: 'sluice/acme/gateway/gw' }),
    );
    expect(result).toMatchObject({ outcome: 'unsent', lasting: true });
    expect(gateway.connections()).toBe(0);
  });

  it('may be asked again when the secret store is away', async () => {
    const away: Secrets = {
      read: () => Promise.reject(new Fault('Unavailable', 'the secret store did not answer')),
    };
    const result = await driver(away).deploy(
      deployTo({ endpoint: endpoint(), secret_ref: 'sluice/acme/gateway/gw' }),
    );
    const message = 'the secret store did not answer';
    expect(result).toEqual({ outcome: 'unsent', message, lasting: false });
  });
});
