import { createPublicKey, type KeyObject, verify as verifyBytes } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { type TrustMaterial, toSignedEntity, Verifier } from '@sigstore/verify';
import { type Digest, digestOfBytes } from '../../domain/digest.ts';
import { isObject, objectsIn, readObject, textIn } from '../../domain/evidence/read-json.ts';
import { aboutAnother, type Reading, type Unreadable, unreadable } from '../../domain/evidence/report.ts';
import type { Signatures } from '../../ports/signatures.ts';

/** What `cosign sign` (3.x) states about an image, as an in-toto statement. An attestation of anything else is no signature. */
const SIGNED = 'https://sigstore.dev/cosign/sign/v1';
const STATEMENT = 'application/vnd.in-toto+json';
/** The type of a simple signing payload (cosign up to 2.x). */
const SIMPLE = 'cosign container image signature';

/**
 * Key-based cosign signatures, verified offline: `{bundle, public_key}` with a Sigstore bundle (a DSSE envelope), or
 * `{payload, signature, public_key}`, both base64, with a simple signing payload. `public_key` is PEM. Whoever brings a document
 * brings the key too, so a reading names its signer, `key:sha256:` and the digest of the key's DER form, and a gate's `producers` say
 * which signers count. Signatures by certificate are refused: nothing here says which authority to believe.
 */
export const sigstoreSignatures: Signatures = {
  verify(document, subject) {
    const read = readObject(document);
    if ('unreadable' in read) return read;
    const { bundle, payload, signature, public_key } = read.members;
    const key = keyOf(public_key);
    if (key === undefined) return unreadable('public_key is no public key in PEM');
    const signed =
      bundle === undefined ? simple(textIn(payload), textIn(signature), key) : enveloped(bundle, key);
    if (typeof signed !== 'string') return signed;
    return readingOf(signed, bundle === undefined ? 'simple' : 'statement', subject, key);
  },
};

function keyOf(value: unknown): KeyObject | undefined {
  const pem = textIn(value);
  if (pem === undefined || !pem.includes('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

/** The payload of a simple signature that the key made. */
function simple(
  payload: string | undefined,
  signature: string | undefined,
  key: KeyObject,
): string | Unreadable {
  if (payload === undefined || signature === undefined) {
    return unreadable('the document has neither a bundle nor a payload with its signature');
  }
  const bytes = Buffer.from(payload, 'base64');
  try {
    const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
    if (verifyBytes(algorithm, bytes, key, Buffer.from(signature, 'base64'))) return bytes.toString('utf8');
  } catch {
    // A key of a kind that cannot verify.
  }
  return unreadable('the signature is not by this key');
}

/** The payload of an envelope that the key signed. Its log entries are about when, which a key does not depend on. */
function enveloped(json: unknown, key: KeyObject): string | Unreadable {
  try {
    const bundle = bundleFromJSON(json);
    const { content } = bundle;
    if (content.$case !== 'dsseEnvelope') return unreadable('the bundle holds no envelope');
    const { payloadType, payload, signatures } = content.dsseEnvelope;
    if (payloadType !== STATEMENT || signatures.length !== 1) {
      return unreadable('the envelope holds no statement with one signature');
    }
    const entity = toSignedEntity(bundle);
    if (entity.key.$case !== 'public-key')
      return unreadable('the bundle is signed by a certificate, not a key');
    const verifier = new Verifier(trusting(key), {
      ctlogThreshold: 0,
      tlogThreshold: 0,
      timestampThreshold: 0,
    });
    verifier.verify({ ...entity, timestamps: [], tlogEntries: [] });
    return payload.toString('utf8');
  } catch {
    return unreadable('the bundle is malformed, or not signed by this key');
  }
}

function trusting(publicKey: KeyObject): TrustMaterial {
  return {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey, validFor: () => true }),
  };
}

/** What was signed, once it is sure that the key signed it. */
function readingOf(
  signed: string,
  form: 'simple' | 'statement',
  subject: Digest,
  key: KeyObject,
): Reading | Unreadable {
  const read = readObject(signed);
  if ('unreadable' in read) return unreadable('what is signed is not JSON');
  const digests = form === 'simple' ? imagesOf(read.members) : subjectsOf(read.members);
  if (digests === undefined) return unreadable('what is signed is not a signature of an image by cosign');
  if (!digests.includes(subject)) return aboutAnother('another digest');
  const der = key.export({ type: 'spki', format: 'der' });
  return { result: { passed: true, verified: true, signer: `key:${digestOfBytes(der)}`, form } };
}

function imagesOf({ critical }: { readonly [name: string]: unknown }): readonly string[] | undefined {
  if (!isObject(critical) || critical['type'] !== SIMPLE || !isObject(critical['image'])) return undefined;
  const digest = textIn(critical['image']['docker-manifest-digest']);
  return digest === undefined ? undefined : [digest];
}

function subjectsOf(statement: { readonly [name: string]: unknown }): readonly string[] | undefined {
  if (statement['predicateType'] !== SIGNED) return undefined;
  return objectsIn(statement['subject'])?.flatMap(({ digest }) =>
    isObject(digest) && typeof digest['sha256'] === 'string' ? [`sha256:${digest['sha256']}`] : [],
  );
}
