import { createECDH, type KeyObject } from 'node:crypto';

/** The order of the base point of P-256 (SEC 2, section 2.4.2). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * Signs a SHA-256 digest with a P-256 key: ECDSA (FIPS 186-5, section 6.4.1) in DER. `node:crypto` signs messages alone, so that the
 * arithmetic is here; the multiplication of the point is OpenSSL's. For the key of one machine: it does not run in constant time.
 */
export function signDigest(digest: Uint8Array, key: KeyObject): Buffer {
  const secret = numberIn(Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url'));
  for (;;) {
    const ephemeral = createECDH('prime256v1');
    const point = ephemeral.generateKeys();
    const k = numberIn(ephemeral.getPrivateKey());
    const r = numberIn(point.subarray(1, 33)) % ORDER;
    const s = (inverse(k) * (numberIn(digest) + r * secret)) % ORDER;
    if (r !== 0n && s !== 0n) return sequence([integer(r), integer(s)]);
  }
}

const numberIn = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** The inverse modulo the order, which is prime (Fermat). */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value % ORDER;
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

/** An unsigned INTEGER in DER: a zero before a first bit that is set. */
function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const whole = (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]);
  return Buffer.concat([Buffer.from([0x02, whole.length]), whole]);
}

function sequence(parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}
