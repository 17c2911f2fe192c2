import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { sigstoreSignatures } from '../../../functions/adapters/sigstore/signatures.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { judgeReports } from '../../../functions/domain/gates/judge-gate.ts';
import { readDocument } from '../../../functions/use-cases/evidence/read-document.ts';
import { NOON, testReport } from '../../support/promotion-facts.ts';
import {
  authenticated,
  IDENTITY,
  ISSUER,
  type Sigstore,
  STATEMENT,
  startSigstore,
} from '../../support/sigstore.ts';

const SUBJECT = digestOfBytes('an image');
const BUILDER = 'https://github.com/actions/runner/github-hosted';
const provenance = (subject = SUBJECT) => ({
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ digest: { sha256: subject.slice(7) } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {
    buildDefinition: { buildType: 'https://example.com/build/v1', externalParameters: { ref: 'main' } },
    runDetails: { builder: { id: BUILDER }, metadata: { finishedOn: '2026-11-20T10:00:00Z' } },
  },
});
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const public_key = publicKey.export({ type: 'spki', format: 'pem' });
const KEY = `key:${digestOfBytes(publicKey.export({ type: 'spki', format: 'der' }))}`;

/** `cosign attest --key`: a bundle 0.3 around the statement. */
function attested(statement: object) {
  const payload = Buffer.from(JSON.stringify(statement));
  const sig = sign('sha256', authenticated(payload), privateKey).toString('base64');
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'x' } },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType: STATEMENT, signatures: [{ sig }] },
  };
}

let ours: Sigstore;
beforeAll(async () => {
  ours = await startSigstore();
});

const unasked = async () => {
  throw new Error('nothing is fetched here');
};
const read = (document: { readonly [name: string]: unknown }) =>
  readDocument(
    { egress: { send: unasked }, signatures: sigstoreSignatures },
    { format: 'in-toto', subject: SUBJECT, document },
  );
const facts = { predicate: 'provenance', builder: BUILDER, passed: false };

describe('a signed in-toto statement', () => {
  it('counts for the key that signed it', async () => {
    expect(await read({ bundle: attested(provenance()), public_key })).toMatchObject({
      reading: { result: { ...facts, verified: true, signer: KEY }, produced_at: '2026-11-20T10:00:00Z' },
    });
  });

  it('counts for the holder of the certificate, under the root that was brought', async () => {
    const { trusted_root, root } = ours;
    const signed = { identity: IDENTITY, issuer: ISSUER, trusted_root: root, verified: true };
    expect(await read({ bundle: await ours.signed(provenance()), trusted_root })).toMatchObject({
      reading: { result: { ...facts, ...signed } },
    });
  });

  it('is refused when another key or root is brought, or a byte is changed', async () => {
    const bundle = attested(provenance());
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const payload = Buffer.from(JSON.stringify({ ...provenance(), more: 1 })).toString('base64');
    const changed = { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload } };
    for (const document of [
      { bundle, public_key: other.export({ type: 'spki', format: 'pem' }) },
      { bundle, trusted_root: ours.trusted_root },
      { bundle: changed, public_key },
      { bundle },
    ]) {
      expect(await read(document)).toMatchObject({ field: 'document' });
    }
  });

  it('about another artifact is about that one', async () => {
    const document = { bundle: attested(provenance(digestOfBytes('another image'))), public_key };
    expect(await read(document)).toMatchObject({ field: 'subject_digest' });
  });
});

describe('a bare in-toto statement', () => {
  it('is read, and says nothing of who signed it, whatever it says', async () => {
    const answer = await read({ ...provenance(), verified: true, signer: KEY });
    expect(answer).toMatchObject({ reading: { result: facts } });
    expect(answer).not.toHaveProperty('reading.result.verified');
    expect(answer).not.toHaveProperty('reading.result.signer');
  });
});

describe('a gate on provenance', () => {
  const gate: GateSetting = {
    name: 'provenance',
    mode: 'block',
    applies_to: ['artifact'],
    format: 'in-toto',
    producers: [KEY],
    thresholds: { field: 'builder', op: 'eq', value: BUILDER },
  };
  const judged = async (
    document: { readonly [name: string]: unknown },
    change: Partial<GateSetting> = {},
  ) => {
    const answer = await read(document);
    if ('unreadable' in answer) return answer.unreadable;
    const { result } = answer.reading;
    const setting = { ...gate, ...change };
    const evidence = [testReport({ gate: setting.name, format: 'in-toto', subject_digest: SUBJECT, result })];
    const about = { subject_digest: SUBJECT, protected: true, target: 'production', as_of: NOON };
    const { status, reason_code } = judgeReports(setting, { ...about, evidence });
    return `${status} ${reason_code}`;
  };

  it('passes by the builder that it names, signed by a signer that it names', async () => {
    const document = { bundle: attested(provenance()), public_key };
    expect(await judged(document)).toBe('PASSED ok');
    const thresholds = { field: 'builder', op: 'eq', value: 'https://example.com' } as const;
    expect(await judged(document, { thresholds })).toBe('FAILED thresholds_not_met');
    expect(await judged(document, { producers: ['key:sha256:other'] })).toBe('FAILED evidence_untrusted');
  });

  it('does not take a bare statement for a signed one', async () => {
    expect(await judged({ ...provenance(), verified: true, signer: KEY })).toBe('FAILED evidence_untrusted');
  });

  it('is no signature of the image', async () => {
    const document = { bundle: attested(provenance()), public_key };
    expect(await judged(document, { name: 'signature' })).toBe('FAILED signature_not_verified');
  });
});
