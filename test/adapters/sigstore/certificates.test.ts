import { generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { sigstoreSignatures } from '../../../functions/adapters/sigstore/signatures.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { IDENTITY, ISSUER, type Sigstore, startSigstore, statementAbout } from '../../support/sigstore.ts';

const BLOB = Buffer.from('{"schemaVersion":2,"layers":[]}');
const SUBJECT = digestOfBytes(BLOB);
const OTHER = digestOfBytes('another image');
const verify = (document: object) => sigstoreSignatures.verify(JSON.stringify(document), SUBJECT);
const blob = BLOB.toString('base64');
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const public_key = publicKey.export({ type: 'spki', format: 'pem' });
const KEY = `key:${digestOfBytes(publicKey.export({ type: 'spki', format: 'der' }))}`;

let ours: Sigstore;
let theirs: Sigstore;
let bundle: Awaited<ReturnType<Sigstore['signed']>>;
let blobBundle: Awaited<ReturnType<Sigstore['signedBlob']>>;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([startSigstore(), startSigstore()]);
  bundle = await ours.signed(statementAbout(SUBJECT));
  blobBundle = await ours.signedBlob(BLOB);
});

describe('a signature by certificate', () => {
  it('is verified around a statement, and names who signed and under which root', async () => {
    const { trusted_root, root } = ours;
    expect(await verify({ bundle, trusted_root })).toEqual({
      result: {
        passed: true,
        verified: true,
        identity: IDENTITY,
        issuer: ISSUER,
        trusted_root: root,
        form: 'statement',
      },
    });
  });

  it('is verified of the blob itself', async () => {
    const { trusted_root, root } = ours;
    expect(await verify({ bundle: blobBundle, blob, trusted_root })).toEqual({
      result: {
        passed: true,
        verified: true,
        identity: IDENTITY,
        issuer: ISSUER,
        trusted_root: root,
        form: 'blob',
      },
    });
  });

  it('of another image or blob is about that one', async () => {
    const { trusted_root } = ours;
    const another = await ours.signed(statementAbout(OTHER));
    expect(await verify({ bundle: another, trusted_root })).toMatchObject({ field: 'subject_digest' });
    const bytes = Buffer.from('another blob');
    const signed = { bundle: await ours.signedBlob(bytes), blob: bytes.toString('base64'), trusted_root };
    expect(await verify(signed)).toMatchObject({ field: 'subject_digest' });
  });

  type Bundle = typeof bundle;
  const changed = (change: (material: Bundle['verificationMaterial']) => object): object => ({
    ...bundle,
    verificationMaterial: { ...bundle.verificationMaterial, ...change(bundle.verificationMaterial) },
  });
  const entryChanged = (change: (entry: Bundle['verificationMaterial']['tlogEntries'][number]) => object) =>
    changed(({ tlogEntries }) => ({
      tlogEntries: tlogEntries.map((entry) => ({ ...entry, ...change(entry) })),
    }));

  it.each<[string, () => Promise<object> | object]>([
    ['under another root', () => ({ bundle, trusted_root: theirs.trusted_root })],
    [
      'by another authority',
      async () => ({
        bundle: await theirs.signed(statementAbout(SUBJECT)),
        trusted_root: {
          ...theirs.trusted_root,
          certificateAuthorities: ours.trusted_root.certificateAuthorities,
        },
      }),
    ],
    [
      'in another log',
      () => ({ bundle, trusted_root: { ...ours.trusted_root, tlogs: theirs.trusted_root.tlogs } }),
    ],
    [
      'whose certificate is in another log',
      () => ({ bundle, trusted_root: { ...ours.trusted_root, ctlogs: theirs.trusted_root.ctlogs } }),
    ],
    [
      'whose certificate is in no log',
      async () => {
        const hasty = await startSigstore({ withoutCertificateLog: true });
        return { bundle: await hasty.signed(statementAbout(SUBJECT)), trusted_root: hasty.trusted_root };
      },
    ],
    ['in no log', () => ({ bundle: changed(() => ({ tlogEntries: [] })), trusted_root: ours.trusted_root })],
    [
      'whose log entry is of another signature',
      async () => {
        const { verificationMaterial } = await ours.signed(statementAbout(SUBJECT));
        const { tlogEntries } = verificationMaterial;
        return { bundle: changed(() => ({ tlogEntries })), trusted_root: ours.trusted_root };
      },
    ],
    [
      'whose log promised another time',
      () => ({
        bundle: entryChanged(({ integratedTime }) => ({
          integratedTime: String(Number(integratedTime) + 1),
        })),
        trusted_root: ours.trusted_root,
      }),
    ],
    [
      'logged after its certificate had run out',
      async () => {
        const late = await startSigstore({ logged: new Date(Date.now() + 3_600_000) });
        return { bundle: await late.signed(statementAbout(SUBJECT)), trusted_root: late.trusted_root };
      },
    ],
    [
      'with the certificate of another signature',
      async () => {
        const { verificationMaterial } = await ours.signed(statementAbout(SUBJECT));
        const { certificate } = verificationMaterial;
        return { bundle: changed(() => ({ certificate })), trusted_root: ours.trusted_root };
      },
    ],
    [
      'of an attestation of something else',
      async () => ({
        bundle: await ours.signed(statementAbout(SUBJECT, 'https://spdx.dev/Document')),
        trusted_root: ours.trusted_root,
      }),
    ],
    [
      'in more log entries than anybody needs',
      () => ({
        bundle: changed(({ tlogEntries }) => ({ tlogEntries: Array(9).fill(tlogEntries[0]) })),
        trusted_root: ours.trusted_root,
      }),
    ],
    ['with a key to verify it', () => ({ bundle, public_key })],
    ['under a root that is none', () => ({ bundle, trusted_root: { tlogs: 'x' } })],
    ['without a bundle', () => ({ blob, trusted_root: ours.trusted_root })],
    ['of a blob that is not given', () => ({ bundle: blobBundle, trusted_root: ours.trusted_root })],
    [
      'of another blob than is given',
      () => ({
        bundle: blobBundle,
        blob: Buffer.from('x').toString('base64'),
        trusted_root: ours.trusted_root,
      }),
    ],
  ])('%s is refused', async (_, document) => {
    expect(await verify(await document())).toMatchObject({ field: 'document' });
  });

  it('is refused with one byte of what it signed changed, wherever that is', async () => {
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64');
    for (let at = 0; at < payload.length; at += 7) {
      const flipped = Buffer.from(payload);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const dsseEnvelope = { ...bundle.dsseEnvelope, payload: flipped.toString('base64') };
      const { trusted_root } = ours;
      expect(await verify({ bundle: { ...bundle, dsseEnvelope }, trusted_root })).toHaveProperty(
        'unreadable',
      );
    }
  });
});

describe('a signature of a blob by a key', () => {
  const signature = sign('sha256', BLOB, privateKey).toString('base64');
  const bundled = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'k' }, tlogEntries: [] },
    messageSignature: {
      messageDigest: {
        algorithm: 'SHA2_256',
        digest: Buffer.from(SUBJECT.slice(7), 'hex').toString('base64'),
      },
      signature,
    },
  };
  const VERIFIED = { result: { passed: true, verified: true, signer: KEY, form: 'blob' } };

  it('is verified, bare and in a bundle', async () => {
    expect(await verify({ blob, signature, public_key })).toEqual(VERIFIED);
    expect(await verify({ bundle: bundled, blob, public_key })).toEqual(VERIFIED);
  });

  it('is refused around anything else', async () => {
    const another = Buffer.from('another').toString('base64');
    const { messageSignature } = bundled;
    const messageDigest = { ...messageSignature.messageDigest, digest: another };
    for (const document of [
      { blob: another, signature, public_key },
      { bundle: bundled, blob: another, public_key },
      { bundle: bundled, public_key },
      { bundle: { ...bundled, messageSignature: { ...messageSignature, messageDigest } }, blob, public_key },
      { bundle: bundled, blob, trusted_root: ours.trusted_root },
      { blob, public_key },
    ]) {
      expect(await verify(document)).toMatchObject({ field: 'document' });
    }
  });
});
