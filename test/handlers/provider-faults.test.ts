import { KMSClient } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../functions/adapters/egress/https.ts';
import { inTime } from '../../functions/adapters/in-time.ts';
import { kmsSigner } from '../../functions/adapters/kms/signer.ts';
import { oidcProvider } from '../../functions/adapters/oidc/identity-provider.ts';
import { documentedErrors } from '../support/aws-peer.ts';
import { answering, faultServer, WIRE_FAULTS, type WireFault } from '../support/fault-server.ts';
import { CLIENT, ISSUER } from '../support/provider.ts';
import { createWorld, type World } from './api-world.ts';
import { browser } from './browser.ts';

/** Milliseconds for a peer that never answers, and for one that does. */
const [BRIEF, LONG] = [200, 120_000];

type Trouble = readonly [name: string, fault: WireFault, patience: number];

const wire = Object.entries(WIRE_FAULTS).map(([name, fault]): Trouble => [name, fault, BRIEF]);
const statuses = [204, 301, 401, 403, 404, 429, 500, 502, 503].map(
  (status): Trouble => [`a ${status}`, answering(status), LONG],
);
/** RFC 6749 section 5.2, and what is no answer of a token endpoint. */
const tokenErrors = [
  ...['invalid_request', 'invalid_client', 'invalid_grant', 'unauthorized_client', 'unsupported_grant_type'],
  'invalid_scope',
].map((error): Trouble => [error, answering(400, { error }), LONG]);
const nonsense = [
  ['an ID token that is none', { id_token: 'a.b.c' }],
  ['no ID token', { access_token: 'x', token_type: 'Bearer' }],
  ['another issuer', { issuer: 'https://evil.example', authorization_endpoint: 'https://evil.example/a' }],
].map(([name, body]): Trouble => [String(name), answering(200, Object(body)), LONG]);

let peer: Awaited<ReturnType<typeof faultServer>>;
let world: World;
beforeEach(async () => {
  peer = await faultServer();
  world = await createWorld();
});
afterEach(() => peer.stop());

describe('a sign-in whose identity provider answers with', () => {
  /** The paths of the provider that are answered by the faulty peer. */
  let broken: readonly string[];
  let patience: number;
  beforeEach(() => {
    [broken, patience] = [[], LONG];
    const real = httpsEgress({ allowLoopback: true });
    const provider = oidcProvider({
      client: { issuer: ISSUER, clientId: CLIENT, scopes: ['openid'] },
      now: () => Date.parse(world.deps.clock.now()),
      egress: {
        send(request) {
          const { pathname } = new URL(request.url);
          if (!broken.includes(pathname)) return world.issuer.send(request);
          return real.send({ ...request, url: `${peer.url}${pathname}`, timeout_ms: patience });
        },
      },
    });
    Object.assign(world.deps, { provider });
  });
  const CONFIGURATION = '/.well-known/openid-configuration';

  it.each([...wire, ...statuses, ...nonsense])(
    '%s does not begin, and begins when it is back',
    async (_, fault, milliseconds) => {
      peer.fault = fault;
      [broken, patience] = [[CONFIGURATION], milliseconds];
      const alice = browser(world);
      expect((await alice.get('/sign-in')).status).toBe(503);
      expect(alice.cookies().join()).not.toContain('__Host-sluice=');
      broken = [];
      expect((await alice.signIn('alice', '/approvals/token')).status).toBe(303);
    },
  );

  it.each(
    ['/token', '/keys'].flatMap((path) =>
      [...wire, ...statuses, ...nonsense, ...(path === '/token' ? tokenErrors : [])].map(
        ([name, fault, milliseconds]) => [name, path, fault, milliseconds] as const,
      ),
    ),
  )('%s at %s opens no session, and one more sign-in does', async (_, path, fault, milliseconds) => {
    const alice = browser(world);
    const { code, state } = world.issuer.grant(await alice.begin(), 'alice');
    peer.fault = fault;
    [broken, patience] = [[path], milliseconds];
    const back = await alice.get(`/sign-in/callback?code=${code}&state=${state}`);
    expect([400, 503]).toContain(back.status);
    expect(back.cookies.filter((cookie) => /^__Host-sluice=[\w-]{43}/.test(cookie))).toEqual([]);
    broken = [];
    await alice.signIn('alice');
    expect(alice.secret()).toHaveLength(43);
  });
});

describe('a checkpoint whose key service answers with', () => {
  const errors = (['Sign', 'GetPublicKey'] as const).flatMap((command) =>
    documentedErrors('kms', command).map(([name, fault]): Trouble => [name, fault, LONG]),
  );

  it.each([...wire, ...errors])('%s is none, and says to come again', async (_, fault, patience) => {
    peer.fault = fault;
    const client = new KMSClient({
      ...{ endpoint: peer.url, region: 'eu-west-1', maxAttempts: 2 },
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    Object.assign(world.deps, { signer: kmsSigner('key', inTime(client, patience)) });
    const answer = await world.as('carol')('GET', '/api/v1/audit/checkpoint');
    expect(answer).toMatchObject({ status: 503 });
    expect(answer.body).not.toHaveProperty('signature');
  });
});
