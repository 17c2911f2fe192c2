import { createPublicKey, type KeyObject, verify as verifyBytes } from 'node:crypto';
import type { ConditionFacts } from '../../domain/conditions/condition.ts';
import { type Digest, digestOfBytes } from '../../domain/digest.ts';
import { isObject, objectsIn, readObject, textIn } from '../../domain/evidence/read-json.ts';
import { aboutAnother, type Reading, type Unreadable, unreadable } from '../../domain/evidence/report.ts';
import type { Signatures } from '../../ports/signatures.ts';
import type { Signed } from './signed.ts';

/** What `cosign sign` (3.x) states about an image, as an in-toto statement. An attestation of anything else is no signature. */
const SIGNED = 'https://sigstore.dev/cosign/sign/v1';
/** The type of a simple signing payload (cosign up to 2.x). */
const SIMPLE = 'cosign container image signature';

/**
 * Signatures by cosign, verified offline. What it signed: `{bundle}` with a Sigstore bundle around a statement (`sign`), `{bundle, blob}`
 * with one of the blob itself (`sign-blob`), or without a bundle `{payload, signature}` (`sign` up to 2.x, with `certificate` and
 * `log_entry` as its annotations have them where no key signed) and `{blob, signature}`, all in base64. Who signed: `public_key` in PEM, or
 * `trusted_root`, a Sigstore trusted root, for a certificate.
 *
 * Whoever brings a document brings key and root too, so a reading names its signer, and a gate says which signers count:
 * `signer: key:sha256:…` by the digest of the key's DER form, or `identity` and `issuer` of the certificate and the digest of the root
 * (its RFC 8785 form). A certificate needs its entries in both transparency logs of the root.
 */
export const sigstoreSignatures: Signatures = {
  async verify(document, subject) {
    const read = readObject(document);
    if ('unreadable' in read) return read;
    const signed = await signedIn(read.members);
    return 'unreadable' in signed ? signed : readingOf(signed, subject);
  },
  async open(document) {
    const read = readObject(document);
    if ('unreadable' in read) return read;
    const signed = await signedIn(read.members);
    if ('unreadable' in signed) return signed;
    if (signed.form !== 'statement') return unreadable('the bundle holds no in-toto statement');
    return { statement: signed.bytes.toString('utf8'), signer: signed.signer };
  },
};

type Members = { readonly [name: string]: unknown };

async function signedIn(members: Members): Promise<Signed | Unreadable> {
  const { bundle, public_key, trusted_root } = members;
  const blob = bytesIn(members['blob']);
  if (public_key === undefined && trusted_root !== undefined) {
    const { signedByCertificate } = await import('./sigstore-bundles.ts');
    if (bundle !== undefined) return signedByCertificate({ bundle, blob, trusted_root });
    const { bundleOfAnnotations } = await import('./cosign-annotations.ts');
    const payload = bytesIn(members['payload']);
    const made = payload === undefined ? undefined : bundleOfAnnotations(members, payload);
    const signed = signedByCertificate({ bundle: made, blob: payload, trusted_root });
    return 'unreadable' in signed ? signed : { ...signed, form: 'simple' };
  }
  const key = keyOf(public_key);
  if (key === undefined) return unreadable('public_key is no public key in PEM');
  const signer = { signer: `key:${digestOfBytes(key.export({ type: 'spki', format: 'der' }))}` };
  if (bundle === undefined) return signedBytes(members, { key, signer, blob });
  const { signedByKey } = await import('./sigstore-bundles.ts');
  return signedByKey({ bundle, blob, key, signer });
}

function keyOf(value: unknown): KeyObject | undefined {
  const pem = textIn(value);
  if (pem === undefined || !pem.includes('-----BEGIN PUBLIC KEY-----')) return undefined;
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

const bytesIn = (value: unknown): Buffer | undefined =>
  typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;

/** A payload or a blob with its bare signature. */
function signedBytes(
  members: Members,
  {
    key,
    signer,
    blob,
  }: { readonly key: KeyObject; readonly signer: ConditionFacts; readonly blob: Buffer | undefined },
): Signed | Unreadable {
  const bytes = blob ?? bytesIn(members['payload']);
  const signature = bytesIn(members['signature']);
  if (bytes === undefined || signature === undefined) {
    return unreadable('the document has neither a bundle nor a payload or blob with its signature');
  }
  try {
    const algorithm = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
    if (verifyBytes(algorithm, bytes, key, signature)) {
      return { bytes, form: blob === undefined ? 'simple' : 'blob', signer };
    }
  } catch {
    // A key of a kind that cannot verify.
  }
  return unreadable('the signature is not by this key');
}

/** What was signed must be about the subject: a blob is it, all else names it. */
function readingOf({ bytes, form, signer }: Signed, subject: Digest): Reading | Unreadable {
  const digests = form === 'blob' ? [digestOfBytes(bytes)] : digestsIn(bytes, form);
  if ('unreadable' in digests) return digests;
  if (!digests.some((digest) => digest === subject)) return aboutAnother('another digest');
  return { result: { passed: true, verified: true, ...signer, form } };
}

function digestsIn(bytes: Buffer, form: 'simple' | 'statement'): readonly string[] | Unreadable {
  const read = readObject(bytes.toString('utf8'));
  if ('unreadable' in read) return unreadable('what is signed is not JSON');
  const digests = form === 'simple' ? imagesOf(read.members) : subjectsOf(read.members);
  return digests ?? unreadable('what is signed is not a signature of an image by cosign');
}

function imagesOf({ critical }: Members): readonly string[] | undefined {
  if (!isObject(critical) || critical['type'] !== SIMPLE || !isObject(critical['image'])) return undefined;
  const digest = textIn(critical['image']['docker-manifest-digest']);
  return digest === undefined ? undefined : [digest];
}

function subjectsOf(statement: Members): readonly string[] | undefined {
  if (statement['predicateType'] !== SIGNED) return undefined;
  return objectsIn(statement['subject'])?.flatMap(({ digest }) =>
    isObject(digest) && typeof digest['sha256'] === 'string' ? [`sha256:${digest['sha256']}`] : [],
  );
}
