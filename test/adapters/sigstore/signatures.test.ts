import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sigstoreSignatures } from '../../../functions/adapters/sigstore/signatures.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { authenticated, STATEMENT, statementAbout } from '../../support/sigstore.ts';

const SUBJECT = digestOfBytes('image');
const OTHER = digestOfBytes('another image');

const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pemOf = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();
const SIGNER = `key:${digestOfBytes(ours.publicKey.export({ type: 'spki', format: 'der' }))}`;
const verify = (document: object) => sigstoreSignatures.verify(JSON.stringify(document), SUBJECT);

/** What cosign 3.x writes with `sign --key`, in a Sigstore bundle 0.3: a DSSE envelope around an in-toto statement. */
function bundled(statement: object, by: KeyObject = ours.privateKey, type = STATEMENT) {
  const payload = Buffer.from(JSON.stringify(statement));
  const signed = authenticated(payload, type);
  const sig = sign('sha256', signed, by).toString('base64');
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'k' }, tlogEntries: [] },
    dsseEnvelope: { payload: payload.toString('base64'), payloadType: type, signatures: [{ sig }] },
  };
}
const statement = (digest: string = SUBJECT, predicateType?: string) => statementAbout(digest, predicateType);

/** What cosign up to 2.x signs: a simple signing payload. */
function simple(digest: string = SUBJECT, by: KeyObject = ours.privateKey) {
  const payload = Buffer.from(
    JSON.stringify({
      critical: {
        identity: { 'docker-reference': 'registry.acme.com/app' },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    }),
  );
  return { payload: payload.toString('base64'), signature: sign('sha256', payload, by).toString('base64') };
}
const public_key = pemOf(ours.publicKey);

describe('a signature by a key', async () => {
  it('is verified in a bundle and around a simple payload, and names its signer', async () => {
    expect(await verify({ bundle: bundled(statement()), public_key })).toEqual({
      result: { passed: true, verified: true, signer: SIGNER, form: 'statement' },
    });
    expect(await verify({ ...simple(), public_key })).toEqual({
      result: { passed: true, verified: true, signer: SIGNER, form: 'simple' },
    });
  });

  it('of another image is about that one', async () => {
    expect(await verify({ bundle: bundled(statement(OTHER)), public_key })).toMatchObject({
      field: 'subject_digest',
    });
    expect(await verify({ ...simple(OTHER), public_key })).toMatchObject({ field: 'subject_digest' });
  });

  it.each([
    ['by another key', { bundle: bundled(statement(), theirs.privateKey), public_key }],
    ['by another key, simple', { ...simple(SUBJECT, theirs.privateKey), public_key }],
    ['with another payload', { ...simple(), payload: simple(OTHER).payload, public_key }],
    ['without a signature', { payload: simple().payload, public_key }],
    ['without a key', simple()],
    [
      'with a private key',
      { ...simple(), public_key: ours.privateKey.export({ type: 'pkcs8', format: 'pem' }) },
    ],
    [
      'of an attestation of something else',
      { bundle: bundled(statement(SUBJECT, 'https://spdx.dev/Document')), public_key },
    ],
    [
      'of another type of payload',
      { bundle: bundled(statement(), ours.privateKey, 'text/plain'), public_key },
    ],
    ['in a malformed bundle', { bundle: { mediaType: 'x' }, public_key }],
    ['in a bundle that is a text', { bundle: 'x', public_key }],
    ['that is nothing', {}],
  ])('%s is refused', async (_, document) => {
    expect(await verify(document)).toMatchObject({ field: 'document' });
  });

  it('is refused in every bundle with one byte of envelope or signature changed', async () => {
    const bundle = bundled(statement());
    const { dsseEnvelope } = bundle;
    const payload = Buffer.from(dsseEnvelope.payload, 'base64');
    for (let at = 0; at < payload.length; at += 1) {
      const flipped = Buffer.from(payload);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const changed = { ...dsseEnvelope, payload: flipped.toString('base64') };
      expect(await verify({ bundle: { ...bundle, dsseEnvelope: changed }, public_key })).toHaveProperty(
        'unreadable',
      );
    }
  });

  it('of a bundle with two signatures, one of them good, is refused', async () => {
    const bundle = bundled(statement());
    const [good] = bundle.dsseEnvelope.signatures;
    const signatures = [good, { sig: 'AAAA' }];
    const both = { ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, signatures } };
    expect(await verify({ bundle: both, public_key })).toMatchObject({ field: 'document' });
  });
});
