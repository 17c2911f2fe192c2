import {
  createHash,
  createHmac,
  createPublicKey,
  createSecretKey,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { canonicalJson } from './jcs.ts';

/** `sha256:` and 64 lower-case hex digits, as OCI writes digests. */
export type Digest = `sha256:${string}`;

/** What a digest is about: equal values in two domains never share a digest. */
export type DigestDomain =
  | 'sluice/manifest/v1'
  | 'sluice/decision/v1'
  | 'sluice/policy/v1'
  | 'sluice/evidence/v1'
  | 'sluice/event/v1'
  | 'sluice/revision/v1'
  | 'sluice/checkpoint/v1'
  | 'sluice/change-set/v1'
  | 'sluice/change/v1'
  | 'sluice/catalog/v1'
  | 'sluice/content/v1'
  | 'sluice/trace/v1'
  | 'sluice/rule/v1'
  | 'sluice/fact/v1'
  | 'sluice/node/v1';

const SHAPE = /^sha256:[0-9a-f]{64}$/;

/** Whether a text is a digest as Sluice and OCI write it. */
export function isDigest(text: string): text is Digest {
  return SHAPE.test(text);
}

/**
 * The digest of a JSON value in a domain: sha256(domain + "\n" + JCS(value)), JCS being RFC 8785.
 * Throws `NotCanonical` on a value with no canonical form.
 */
export function digest(domain: DigestDomain, value: unknown): Digest {
  return digestOfBytes(`${domain}\n${canonicalJson(value)}`);
}

/** The digest of a JSON array in a domain whose items come one by one and are not kept: what `digest` gives for all of them. */
export function listDigest(domain: DigestDomain): { add(item: unknown): void; done(): Digest } {
  const hash = createHash('sha256').update(`${domain}\n[`);
  let between = '';
  return {
    add(item) {
      hash.update(`${between}${canonicalJson(item)}`);
      between = ',';
    },
    done: () => `sha256:${hash.update(']').digest('hex')}`,
  };
}

/** The plain digest of bytes or UTF-8 text, without a domain: for content that others hash too. */
export function digestOfBytes(bytes: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The digest of bytes in a domain: sha256(domain + "\n" + bytes). For content with a canonical binary form. */
export function digestOfBytesIn(domain: DigestDomain, bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(`${domain}\n`).update(bytes).digest('hex')}`;
}

/** Length in bytes of a digest in its raw form. */
export const RAW_DIGEST_LENGTH = 32;

/** The 32 bytes of a digest. */
export function rawOfDigest(digest: Digest): Uint8Array {
  return Buffer.from(digest.slice('sha256:'.length), 'hex');
}

/** The digest whose 32 bytes these are. Throws `RangeError` on any other length. */
export function digestOfRaw(raw: Uint8Array): Digest {
  if (raw.length !== RAW_DIGEST_LENGTH) throw new RangeError(`a raw digest has ${RAW_DIGEST_LENGTH} bytes`);
  return `sha256:${Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('hex')}`;
}

/**
 * The UUID, version 5 (RFC 9562 section 5.5), of a name in a namespace, itself a UUID: the same name has the same id everywhere.
 * SHA-1 is what the RFC asks for; nothing relies on its collision resistance but the uniqueness of ids within one tenant.
 */
export function uuidOf(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  bytes.writeUInt8(((bytes[6] ?? 0) & 0x0f) | 0x50, 6);
  bytes.writeUInt8(((bytes[8] ?? 0) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A keyed hash of texts: HMAC-SHA-256 (RFC 2104) under one secret, 32 bytes. Without the secret nobody can choose its values. */
export function keyedHash(secret: Uint8Array): (text: string) => Uint8Array {
  const key = createSecretKey(secret);
  return (text) => createHmac('sha256', key).update(text).digest();
}

/** Whether two byte strings are equal. Where they differ does not show in the time it takes; their lengths may. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether a base64 signature of a digest's 32 bytes was made with the private half of a key: `isMessageSigned` of those bytes. */
export function isSignatureOf(signed: Digest, by: SignedBy): boolean {
  return isMessageSigned(rawOfDigest(signed), by);
}

/** A signature in base64, and the key that is said to have made it (SPKI, PEM). */
export type SignedBy = { readonly publicKey: string; readonly signature: string };

/**
 * Whether a base64 signature (ECDSA over SHA-256, DER as RFC 3279 section 2.2.3 has it) of a message was made with the private half of a
 * P-256 key. A signature written in any other way than the one way is none. Throws on a key that is none.
 */
export function isMessageSigned(message: Uint8Array, { publicKey, signature }: SignedBy): boolean {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.toString('base64') !== signature) return false;
  const key = createPublicKey(publicKey);
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return false;
  return verify('sha256', message, key, bytes);
}

/** SHA-256 of byte strings, one after the other: 32 bytes. */
export function sha256Of(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return Buffer.from(hash.digest('hex'), 'hex');
}

/** What every Ed25519 key in DER begins with (RFC 8410 section 4); its 32 bytes follow. */
const ED25519_SPKI = '302a300506032b6570032100';

/** The 32 bytes of an Ed25519 public key (SPKI, PEM); `undefined` when it is none. */
export function ed25519KeyIn(publicKey: string): Uint8Array | undefined {
  const [, base64 = ''] =
    /^-----BEGIN PUBLIC KEY-----\s([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(publicKey) ?? [];
  const der = bytesOfText(base64.replace(/\s/g, ''));
  const hex = der === undefined ? '' : hexOf(der);
  return hex.length === 88 && hex.startsWith(ED25519_SPKI) ? Buffer.from(hex.slice(24), 'hex') : undefined;
}

/** The 32 bytes of an Ed25519 public key as SPKI, PEM. */
export const ed25519PemOf = (key: Uint8Array): string =>
  `-----BEGIN PUBLIC KEY-----\n${Buffer.from(`${ED25519_SPKI}${hexOf(key)}`, 'hex').toString('base64')}\n-----END PUBLIC KEY-----\n`;

/** Whether 64 bytes are the Ed25519 signature (RFC 8032) of a message by the private half of a key (SPKI, PEM). */
export function isEd25519Signed(message: Uint8Array, publicKey: string, signature: Uint8Array): boolean {
  if (ed25519KeyIn(publicKey) === undefined) return false;
  return verify(null, message, createPublicKey(publicKey), signature);
}

/** Bytes as base64 (RFC 4648 section 4). */
export const base64Of = (bytes: Uint8Array): string => Buffer.from(hexOf(bytes), 'hex').toString('base64');

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The bytes of a base64 text; `undefined` for a text that is not written in the one way. */
export function bytesOfText(base64: string): Uint8Array | undefined {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes : undefined;
}
