import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import { httpGateProviders } from '../../../functions/adapters/gate-provider/http-providers.ts';
import { gatewayDriver } from '../../../functions/adapters/gateway/http-driver.ts';
import { inTime } from '../../../functions/adapters/in-time.ts';
import { secretsManager } from '../../../functions/adapters/secrets/secrets-manager.ts';
import { webhookSender } from '../../../functions/adapters/webhook/sender.ts';
import { actorOf } from '../../../functions/domain/identity/principal.ts';
import { noticesOf } from '../../../functions/domain/notification/notice.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import type { Egress } from '../../../functions/ports/egress.ts';
import type { Secrets } from '../../../functions/ports/secrets.ts';
import { recordOutcome } from '../../../functions/use-cases/promotions/complete.ts';
import { retryPromotion } from '../../../functions/use-cases/rollbacks/retry.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { settle } from '../../../functions/use-cases/workflow/settle.ts';
import { channel, TARGETS } from '../../ports/channel-samples.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { answering, faultServer, WIRE_FAULTS, type WireFault } from '../../support/fault-server.ts';
import { PLACES } from '../../support/promotions.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { DEV, GATEWAY } from '../promotions/people.ts';
import { OVER_HTTP, staged, started, sure } from '../promotions/stage.ts';

/** Long enough for an answer on loopback, short for a test of many hangs. */
const PATIENCE_MS = 300;

const SLOT = {
  subject: { kind: 'agent', name: 'agent-123' },
  environment: 'production',
  gateway: 'gw-fault',
} as const;
const BROKEN = { error: 'Unavailable', cause: 'after its retries', patient: true };
const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;

const egress: Egress = {
  send: (request) => httpsEgress({ allowLoopback: true }).send({ ...request, timeout_ms: PATIENCE_MS }),
};
const known: Secrets = { read: async () => SECRET };

let peer: Awaited<ReturnType<typeof faultServer>>;
beforeEach(async () => {
  peer = await faultServer();
});
afterEach(() => peer.stop());

const storeOf = (): Secrets =>
  secretsManager({
    prefix: 'sluice',
    client: inTime(
      new SecretsManagerClient({
        endpoint: peer.url,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        maxAttempts: 1,
      }),
      PATIENCE_MS,
    ),
  });

const wire = Object.entries(WIRE_FAULTS);
const statuses = (...all: readonly number[]): [string, WireFault][] =>
  all.map((status) => [`a ${status}`, answering(status)]);

/** A real promotion and its notice: what a provider is asked about, and a receiver told. */
const { state: SAMPLE, events } = promotionAfter(...PLACES.completed);
const { manifest, manifest_digest } = SAMPLE.seal;
const [notice] = noticesOf(events, SAMPLE);
if (notice === undefined) throw new Error('no notice');

const [memory] = STORES;
if (memory === undefined) throw new Error('no store');

describe('a promotion whose gateway is not reached, or misbehaves,', () => {
  const stage = staged(memory.open);

  /** Execute with its retries, then Settle, as the state machine runs them. */
  async function run(secrets: Secrets, attempts = 2): Promise<PromotionState> {
    const { ref } = stage();
    const deps = { ...stage().deps, driver: gatewayDriver({ egress, secrets }) };
    const more = {
      driver: 'http',
      endpoint: peer.url,
      principal: 'mach-gw',
      secret_ref: 'sluice/acme/gateway/gw',
    } as const;
    await stage().gateway('gw-fault', 'production', more);
    const id = await started(stage(), { ...OVER_HTTP, target_gateway_id: 'gw-fault' });
    for (let n = 0; n < attempts; n += 1) {
      const state = await execute(deps, ref(id)).catch(() => undefined);
      if (state !== undefined) return state;
    }
    return await settle(deps, ref(id), BROKEN);
  }

  const claimOf = async () => (await stage().deps.heads.read(TENANT, SLOT))?.claim;

  it.each([...wire, ...statuses(201, 301, 408, 409, 425, 429, 500, 502, 503, 504)])(
    'ends with an unknown outcome on %s, which an admin settles',
    async (_, fault) => {
      peer.fault = fault;
      const state = await run(known);
      if (fault === WIRE_FAULTS['an endless body'] || fault === WIRE_FAULTS['a dripping body']) {
        expect(state.status).toBe('completed');
        return;
      }
      expect(state).toMatchObject({ status: 'failed', failure: { target_state: 'unknown' } });
      expect(await claimOf()).toMatchObject({ promotion: state.id });
      const deployment_id = state.status === 'failed' ? (state.deployment_id ?? '') : '';
      const report = { tenant: TENANT, deployment_id, outcome: 'failed', actor: actorOf(GATEWAY) } as const;
      expect(sure(await recordOutcome(stage().deps, report))).toMatchObject({
        status: 'failed',
        settled: { outcome: 'failed', by: { subject: GATEWAY.subject } },
      });
      expect(await claimOf()).toBeUndefined();
    },
  );

  it.each(statuses(400, 401, 403, 404, 410, 413, 422))('fails unchanged on %s', async (_, fault) => {
    peer.fault = fault;
    const state = await run(known);
    expect(state).toMatchObject({ failure: { code: 'gateway_refused', target_state: 'unchanged' } });
    expect(await claimOf()).toBeUndefined();
  });

  it('fails unchanged when every connection is refused, and a retry works', async () => {
    await peer.stop();
    const state = await run(known);
    expect(state).toMatchObject({ failure: { code: 'gateway_unreached', target_state: 'unchanged' } });
    expect(await claimOf()).toBeUndefined();
    const again = sure(await retryPromotion(stage().deps, { principal: DEV, id: state.id }));
    expect(again.status).toBe('pending');
    peer = await faultServer();
  });

  it('ends unknown when one attempt may have arrived before the connection was refused', async () => {
    peer.fault = (socket) => {
      socket.resetAndDestroy();
      void peer.stop();
    };
    expect(await run(known)).toMatchObject({ failure: { target_state: 'unknown' } });
    expect(await claimOf()).toBeDefined();
    peer = await faultServer();
  });

  it.each([
    'ResourceNotFoundException',
    'InvalidRequestException',
    'InvalidParameterException',
    'DecryptionFailure',
    'AccessDeniedException',
  ])('fails unchanged at once when its secret answers %s', async (type) => {
    peer.fault = answering(400, { __type: type, message: 'scheduled for deletion' });
    expect(await run(storeOf(), 1)).toMatchObject({
      failure: { code: 'gateway_unreached', target_state: 'unchanged' },
    });
    expect(await claimOf()).toBeUndefined();
  });

  it.each([
    ...wire,
    ['throttling', answering(400, { __type: 'ThrottlingException' })] as const,
    ['an internal error', answering(500, { __type: 'InternalServiceError' })] as const,
    ['expired credentials', answering(400, { __type: 'ExpiredTokenException' })] as const,
  ])('fails unchanged when the secret store answers with %s', async (_, fault) => {
    peer.fault = fault;
    expect(await run(storeOf())).toMatchObject({ status: 'failed', failure: { target_state: 'unchanged' } });
    expect(await claimOf()).toBeUndefined();
  });

  it('ends unknown when the driver itself breaks', async () => {
    const broken: Secrets = { read: () => Promise.reject(new TypeError('no such method')) };
    expect(await run(broken)).toMatchObject({ status: 'failed', failure: { target_state: 'unknown' } });
  });
});

describe('a gate provider', () => {
  const ask = (secrets: Secrets) =>
    httpGateProviders({ egress, secrets }).ask({
      tenant: TENANT,
      provider: { type: 'http', url: peer.url, secret_ref: 'sluice/acme/gate/judge' },
      key: 'p.g.1',
      asked_at: '2026-03-01T09:00:00.000Z',
      timeout_ms: 30_000,
      promotion_id: 'p',
      gate: 'g',
      manifest,
      manifest_digest,
    });

  it.each([...wire, ...statuses(200, 204, 301, 400, 401, 404, 409, 429, 500, 503)])(
    'that answers with %s is an ERROR',
    async (_, fault) => {
      peer.fault = fault;
      expect(await ask(known)).toMatchObject({ status: 'ERROR' });
    },
  );

  it.each(['ResourceNotFoundException', 'InvalidRequestException', 'DecryptionFailure'])(
    'whose secret answers %s is an ERROR',
    async (type) => {
      peer.fault = answering(400, { __type: type });
      expect(await ask(storeOf())).toMatchObject({
        status: 'ERROR',
        reason_code: 'provider_secret_unusable',
      });
    },
  );
});

describe('a webhook receiver', () => {
  const send = (secrets: Secrets) => {
    const made = channel(TENANT, 'chan-1', { ...TARGETS.webhook, url: peer.url });
    if (made.type !== 'webhook') throw new Error('not a webhook');
    const clock = { now: () => '2026-03-01T09:00:00.000Z' };
    return webhookSender({ egress, secrets, clock }).send(made, notice);
  };

  it.each([...wire, ...statuses(301, 400, 404, 409, 429, 500, 503)])(
    'that answers with %s is tried again',
    async (name, fault) => {
      peer.fault = fault;
      const spoken = name === 'an endless body' || name === 'a dripping body';
      expect((await send(known)).outcome).toBe(spoken ? 'delivered' : 'retry');
    },
  );

  it('whose secret is scheduled for deletion is tried again', async () => {
    peer.fault = answering(400, { __type: 'InvalidRequestException' });
    expect((await send(storeOf())).outcome).toBe('retry');
  });
});
