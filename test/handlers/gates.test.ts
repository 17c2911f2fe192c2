import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import type { Evidence } from '../../functions/domain/gates/evidence.ts';
import { KINDS } from '../../functions/domain/subject.ts';
import { IDENTITY, ISSUER, startSigstore, statementAbout } from '../support/sigstore.ts';
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

  it.each([
    ['who is named', { identity: IDENTITY }, 'PASSED ok'],
    ['whose name begins so', { identity: `${IDENTITY.slice(0, -6)}*` }, 'PASSED ok'],
    ['who is another', { identity: IDENTITY.slice(0, -1) }, 'FAILED evidence_untrusted'],
    ['whom another vouched for', { issuer: 'https://accounts.example.com' }, 'FAILED evidence_untrusted'],
    ['under another root', { trusted_root: OTHER }, 'FAILED evidence_untrusted'],
  ])('trusts a certificate of the one %s', async (_, changes, expected) => {
    const { signed, trusted_root, root } = await startSigstore();
    const signer = { identity: IDENTITY, issuer: ISSUER, trusted_root: root, ...changes };
    const set = await arranged({ name: 'signature', signers: [signer] });
    const document = { bundle: await signed(statementAbout(set.subject)), trusted_root };
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

describe('the gates that Sluice judges by facts alone', () => {
  const hours = (value: number) => ({ field: 'deployment.duration_hours', op: 'gte', value });
  const source = { field: 'source.recorded', op: 'eq', value: false };

  it.each([
    ['soak', 'passed', 'ok', { thresholds: hours(0) }],
    ['soak', 'not yet met', 'soaking', { thresholds: hours(24) }],
    ['soak', 'nowhere known', 'soak_unknown', { thresholds: { ...hours(0), field: 'nothing.known' } }],
    ['soak', 'without a time', 'no_thresholds', {}],
  ])('%s: %s', async (name, _, reason, gate) => {
    for (const mode of ['block', 'warn']) {
      const { promotion, unchanged } = await promoted(await arranged({ name, mode, ...gate }));
      const passes = reason === 'ok';
      expect(promotion.gates[1]).toMatchObject({ name, mode, reason_code: reason });
      expect({ status: promotion.status, unchanged }).toEqual(
        passes || mode === 'warn'
          ? { status: 'completed', unchanged: false }
          : { status: 'blocked', unchanged: true },
      );
      if (!passes && mode === 'warn') expect(promotion.gates[1].status).toBe('WARNING');
    }
  });

  it('policy compliance blocks what it does not tolerate', async () => {
    const refused = await promoted(
      await arranged({ name: 'policy_compliance', thresholds: source, applies_to: KINDS }),
    );
    expect(refused.promotion).toMatchObject({ status: 'blocked', reason_code: 'policy_not_met' });
    expect(refused.unchanged).toBe(true);
  });
});
