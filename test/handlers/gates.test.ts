import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import type { Evidence } from '../../functions/domain/promotion/commands.ts';
import { ACME, DEV_ACTOR } from './api-world.ts';
import { arranged, GATES, promoted, report } from './gates-world.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

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

describe.each(GATES)('the gate %s', (name) => {
  it('lets on in block mode what passed', async () => {
    const set = await arranged({ producers: ['dev'], name, mode: 'block' });
    await set.world.commit(ACME, { write: 'evidence', evidence: report(name, set.subject) });
    const { promotion, unchanged } = await promoted(set);
    expect(promotion).toMatchObject({ status: 'completed' });
    expect(unchanged).toBe(false);
  });

  it.each(WAYS)(
    'holds back in block mode, and lets on with its reason in warn mode: %s',
    async (_, reason, made) => {
      for (const mode of ['block', 'warn']) {
        const set = await arranged({ producers: ['dev'], name, mode });
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
    const set = await arranged({ name: 'signature', producers: ['dev'] });
    const document = { passed: true, verified: true, signer };
    const posted = { gate: 'signature', format: 'json', subject_digest: set.subject, document };
    expect(await set.world.as('dev')('POST', '/api/v1/evidence', posted)).toMatchObject({ status: 201 });
    const { promotion } = await promoted(set);
    expect(promotion).toMatchObject({ status: 'blocked', reason_code: 'signature_not_verified' });
  });
});
