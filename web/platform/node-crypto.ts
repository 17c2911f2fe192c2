import { sha256 } from '@noble/hashes/sha2';
import { bytesOfBase64 } from './base64.ts';

/**
 * What the domain's module of digests asks of `node:crypto`, in the browser, so that a proof is computed by the very same code as on the
 * server. Whatever else that module names is not reached there and throws.
 */

type Data = string | Uint8Array;
const bytesOf = (data: Data): Uint8Array =>
  typeof data === 'string' ? new TextEncoder().encode(data) : data;

/** SHA-256 alone. */
export function createHash(algorithm: string) {
  if (algorithm !== 'sha256') throw new Error(`the browser has no ${algorithm}`);
  const hash = sha256.create();
  return {
    update(data: Data) {
      hash.update(bytesOf(data));
      return this;
    },
    digest: (encoding: 'hex'): string => hexOf(hash.digest(), encoding),
  };
}

const hexOf = (bytes: Uint8Array, _: 'hex'): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** Signatures that the browser found genuine, by key, digest and signature: browsers check them only while others wait. */
const genuine = new Set<string>();
/** Keys of the curve P-256, as PEM. */
const keys = new Set<string>();

const nameOf = (key: string, data: Uint8Array, signature: Uint8Array): string =>
  [key, hexOf(data, 'hex'), hexOf(signature, 'hex')].join(' ');

/**
 * Lets the browser check an ECDSA signature (P-256 over SHA-256, DER) of some bytes, so that `verify` knows what it came to. What was never
 * learnt is not genuine.
 */
export async function learn(
  publicKey: string,
  data: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
): Promise<void> {
  const spki = bytesOfBase64(publicKey.replace(/-----[A-Z ]+-----|\s/g, ''));
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
  const key = await crypto.subtle
    .importKey('spki', spki, algorithm, false, ['verify'])
    .catch(() => undefined);
  if (key === undefined) return;
  keys.add(publicKey);
  const plain = plainSignature(signature);
  if (plain === undefined) return;
  const holds = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, plain, data);
  if (holds) genuine.add(nameOf(publicKey, data, signature));
}

/**
 * The same for an Ed25519 signature (64 bytes). Says whether the browser can check such signatures at all; those of before 2025 cannot, and
 * then nothing is genuine.
 */
export async function learnEd25519(
  publicKey: string,
  data: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const spki = bytesOfBase64(publicKey.replace(/-----[A-Z ]+-----|\s/g, ''));
  const key = await crypto.subtle.importKey('spki', spki, 'Ed25519', false, ['verify']).catch(nameOfError);
  if (typeof key === 'string') return key !== 'NotSupportedError';
  if (await crypto.subtle.verify('Ed25519', key, signature, data))
    genuine.add(nameOf(publicKey, data, signature));
  return true;
}

const nameOfError = (error: unknown): string => (error instanceof Error ? error.name : 'Error');

/** The public key as far as the domain looks at it. */
export const createPublicKey = (pem: string) => ({
  pem,
  asymmetricKeyDetails: { namedCurve: keys.has(pem) ? 'prime256v1' : 'unknown' },
});

export const verify = (
  _: 'sha256' | null,
  data: Uint8Array,
  key: { readonly pem: string },
  signature: Uint8Array,
): boolean => genuine.has(nameOf(key.pem, data, signature));

/**
 * A DER signature (RFC 3279 section 2.2.3: a sequence of two integers) as browsers take it: both in 32 bytes, one after the other.
 * `undefined` for bytes that are none.
 */
function plainSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const plain = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    if (der[at] !== 0x02 || at + 2 + length > der.length) return undefined;
    const number = der.slice(at + 2, at + 2 + length);
    const digits = number[0] === 0 ? number.slice(1) : number;
    if (digits.length > 32) return undefined;
    plain.set(digits, end - digits.length);
    at += 2 + length;
  }
  return at === der.length ? plain : undefined;
}

const absent = (name: string) => (): never => {
  throw new Error(`the browser has no ${name}`);
};
export const createHmac = absent('createHmac');
export const createSecretKey = absent('createSecretKey');
export const timingSafeEqual = absent('timingSafeEqual');
