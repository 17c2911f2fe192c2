import { describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { ACME, createWorld } from './api-world.ts';

const PROVIDER = { type: 'http', url: 'https://judge.example/', secret_ref: `sluice/${ACME}/gate/judge` };
const GATE = { name: 'outside', provider: PROVIDER, timeout_seconds: 30 };

describe('an environment whose gates somebody else has a say in', () => {
  it('shows it as it was told', async () => {
    const world = await createWorld();
    const changed = await world.as('admin')('PATCH', '/api/v1/environments/staging', {
      ...{ gates: [GATE], reason: 'one gate' },
    });
    expect(changed).toMatchObject({ status: 200, body: { gates: [{ name: 'policy_compliance' }, GATE] } });
    const made = await world.as('admin')('POST', '/api/v1/environments', { name: 'canary', gates: [GATE] });
    expect(made).toMatchObject({ status: 201, body: { gates: [{}, GATE] } });
  });

  it('says which certificates count', async () => {
    const world = await createWorld();
    const signer = {
      identity: 'release@acme.com',
      issuer: 'https://idp.example',
      trusted_root: digestOfBytes('root'),
    };
    const signature = (changes: object) => ({
      gates: [{ name: 'signature', signers: [{ ...signer, ...changes }] }],
      reason: 'signed alone',
    });
    const put = (body: object) => world.as('admin')('PATCH', '/api/v1/environments/staging', body);
    expect((await put(signature({}))).body.gates[1]).toMatchObject({ signers: [signer] });
    for (const identity of ['*', 'a*b', '**', ''])
      expect((await put(signature({ identity }))).status).toBe(400);
    expect((await put(signature({ trusted_root: 'x' }))).status).toBe(400);
  });

  it.each([
    ['another tenant’s secret', { ...PROVIDER, secret_ref: 'sluice/globex/gate/judge' }, {}],
    ['a secret outside', { ...PROVIDER, secret_ref: 'prod/db' }, {}],
    ['an address without TLS', { ...PROVIDER, url: 'http://judge.example/' }, {}],
    ['loopback', { ...PROVIDER, url: 'http://127.0.0.1/' }, {}],
    ['credentials in the address', { ...PROVIDER, url: 'https://a:b@judge.example/' }, {}],
    ['no address', { ...PROVIDER, url: 'judge' }, {}],
    ['another type', { ...PROVIDER, type: 'grpc' }, {}],
    ['more time than the step has', PROVIDER, { timeout_seconds: 31 }],
    ['reports of a format as well', PROVIDER, { format: 'junit' }],
    ['a gate that Sluice judges alone', PROVIDER, { name: 'soak' }],
    ['the policy', PROVIDER, { name: 'policy_compliance' }],
  ])('is refused with %s', async (_, provider, more) => {
    const world = await createWorld();
    const gates = [{ ...GATE, provider, ...more }];
    for (const [method, path, body] of [
      ['PATCH', '/api/v1/environments/staging', { gates }],
      ['POST', '/api/v1/environments', { name: 'canary', gates }],
    ] as const) {
      const answer = await world.as('admin')(method, path, body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(JSON.stringify(answer.body.errors)).toContain('gates');
    }
  });
});
