import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import type { Evidence } from '../../functions/domain/promotion/commands.ts';
import { ACME, createWorld, DEV_ACTOR, START, type World } from './api-world.ts';

const GATES = [
  'tests',
  'security_scan',
  'signature',
  'cost_analysis',
  'performance_baseline',
  'a-custom-one',
];
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Staging asks agents for one gate and nobody for approval; an agent stands ready in development. */
async function arranged(gate: object) {
  const world = await createWorld();
  const [dev, admin] = [world.as('dev'), world.as('admin')];
  const gates = [{ applies_to: ['agent'], producers: ['dev'], max_age: 'PT1H', ...gate }];
  expect((await admin('PUT', '/api/v1/environments/staging', { gates })).status).toBe(200);
  await admin('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
  const body = { id: 'dep-1', agent_id: 'agent-1', environment: 'development', gateway_id: 'gw-dev' };
  await dev('POST', '/api/v1/deployments', body);
  const asked = {
    agent_id: 'agent-1',
    source_deployment_id: 'dep-1',
    target_gateway_id: 'gw-1',
    target_environment: 'staging',
    execution: 'automatic',
  };
  const subject: Digest =
    (await dev('GET', '/api/v1/deployments/dep-1')).body.digest ?? (await dryDigest(world, asked));
  return { world, asked, subject };
}

/** The digest of what a request would promote, asked through one that is cancelled again. */
async function dryDigest(world: World, asked: object): Promise<Digest> {
  const dev = world.as('dev');
  const { id } = (await dev('POST', '/api/v1/promotions', asked)).body;
  const { manifest } = (await dev('GET', `/api/v1/promotions/${id}/manifest`)).body;
  await dev('DELETE', `/api/v1/promotions/${id}`);
  return manifest.source.digest;
}

/** A report as the store holds it: what an intake at another moment, of another person or format would have left. */
function report(gate: string, subject: Digest, changes: Partial<Evidence> = {}): Evidence {
  const signed = gate === 'signature';
  return {
    gate,
    format: signed ? 'cosign' : 'json',
    subject_digest: subject,
    produced_at: START,
    received_at: START,
    producer: DEV_ACTOR,
    result: signed ? { passed: true, verified: true, signer: 'key:x' } : { passed: true },
    document_digest: digestOfBytes('document'),
    ...changes,
  };
}

const EARLIER = '2026-11-21T07:00:00.000Z';
const LATER = '2026-11-21T09:00:00.001Z';
const OTHER = digestOfBytes('another');
const MALLORY = { ...DEV_ACTOR, subject: 'mallory', email: 'mallory@acme.com' };

/** Every way in which a gate does not get what it asks for, with the reason that is given. */
const WAYS: readonly [string, string, (gate: string, subject: Digest) => readonly Evidence[]][] = [
  [
    'failed',
    'thresholds_not_met',
    (g, s) => [report(g, s, { result: { ...report(g, s).result, passed: false } })],
  ],
  [
    'errored',
    'evidence_unusable',
    (g, s) => [report(g, s, { result: { ...report(g, s).result, error: 'broke' } })],
  ],
  ['no evidence', 'evidence_missing', () => []],
  ['stale', 'evidence_too_old', (g, s) => [report(g, s, { produced_at: EARLIER, received_at: EARLIER })]],
  ['future-dated', 'evidence_from_the_future', (g, s) => [report(g, s, { produced_at: LATER })]],
  ['about another digest', 'evidence_missing', (g) => [report(g, OTHER)]],
  ['from an untrusted producer', 'evidence_untrusted', (g, s) => [report(g, s, { producer: MALLORY })]],
];

/** Heads, revisions and deployments of the target, to the byte. */
async function target({ deps }: World): Promise<string> {
  const subject = { kind: 'agent', name: 'agent-1' } as const;
  const slot = { subject, environment: 'staging', gateway: 'gw-1' };
  const page = { limit: 100 };
  return JSON.stringify([
    await deps.heads.ofSubject(ACME, subject),
    await deps.heads.revisions(ACME, slot, page),
    await deps.deployments.list(ACME, { by: 'agent', agent: 'agent-1' }, page),
  ]);
}

async function promoted({ world, asked }: Awaited<ReturnType<typeof arranged>>) {
  const before = await target(world);
  const { body } = await world.as('dev')('POST', '/api/v1/promotions', asked);
  await world.as('dev')('POST', `/api/v1/promotions/${body.id}/execute`);
  await world.run(body.id).catch(() => undefined);
  const after = (await world.as('dev')('GET', `/api/v1/promotions/${body.id}`)).body;
  return { promotion: after, unchanged: (await target(world)) === before };
}

describe.each(GATES)('the gate %s', (name) => {
  it('lets on in block mode what passed', async () => {
    const set = await arranged({ name, mode: 'block' });
    await set.world.commit(ACME, { write: 'evidence', evidence: report(name, set.subject) });
    const { promotion, unchanged } = await promoted(set);
    expect(promotion).toMatchObject({ status: 'completed' });
    expect(unchanged).toBe(false);
  });

  it.each(WAYS)(
    'holds back in block mode, and lets on with its reason in warn mode: %s',
    async (_, reason, made) => {
      for (const mode of ['block', 'warn']) {
        const set = await arranged({ name, mode });
        for (const evidence of made(name, set.subject))
          await set.world.commit(ACME, { write: 'evidence', evidence });
        const { promotion, unchanged } = await promoted(set);
        const [, result] = promotion.gates;
        expect(result).toMatchObject({ name, mode, reason_code: reason });
        expect({ status: promotion.status, gate: result.status, unchanged }).toEqual(
          mode === 'block'
            ? { status: 'blocked', gate: result.status, unchanged: true }
            : { status: 'completed', gate: 'WARNING', unchanged: false },
        );
      }
    },
  );
});

describe('the gate signature', () => {
  const signer = `key:${digestOfBytes(publicKey.export({ type: 'spki', format: 'der' }))}`;
  function signedDocument(subject: string) {
    const image = { 'docker-manifest-digest': subject };
    const payload = Buffer.from(
      JSON.stringify({ critical: { image, type: 'cosign container image signature' }, optional: null }),
    );
    return {
      payload: payload.toString('base64'),
      signature: sign('sha256', payload, privateKey).toString('base64'),
      public_key: publicKey.export({ type: 'spki', format: 'pem' }),
    };
  }

  it.each([
    [signer, 'PASSED ok'],
    [`key:${OTHER}`, 'FAILED evidence_untrusted'],
  ])('trusts the key that it names, whoever brings the signature: %s', async (producer, expected) => {
    const set = await arranged({ name: 'signature', producers: [producer] });
    const document = signedDocument(set.subject);
    const posted = { gate: 'signature', format: 'cosign', subject_digest: set.subject, document };
    expect(await set.world.as('dev')('POST', '/api/v1/evidence', posted)).toMatchObject({ status: 201 });
    const { promotion } = await promoted(set);
    expect(`${promotion.gates[1].status} ${promotion.gates[1].reason_code}`).toBe(expected);
  });

  it('believes no word about a verification, not even of a producer it names', async () => {
    const set = await arranged({ name: 'signature' });
    const document = { passed: true, verified: true, signer };
    const posted = { gate: 'signature', format: 'json', subject_digest: set.subject, document };
    expect(await set.world.as('dev')('POST', '/api/v1/evidence', posted)).toMatchObject({ status: 201 });
    const { promotion } = await promoted(set);
    expect(promotion).toMatchObject({ status: 'blocked', reason_code: 'signature_not_verified' });
  });
});
