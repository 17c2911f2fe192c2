import { keyedHash } from '../digest.ts';
import type { Limits } from './parameters.ts';

/**
 * Where nodes end. A pure function of a tenant's secret salt, the level and keys: values never move a boundary by their
 * content, and nobody without the chunking key can choose keys that avoid one.
 */
export type Boundary = {
  /** A sample of the exponential distribution with mean 1, made from the hash of a key; independent between levels. */
  readonly patience: (level: number, key: string) => number;
};

/** Secret bytes of a tenant, made once and never changed: another salt gives every tree another root. */
export type Salt = Uint8Array;

const MIN_SALT_BYTES = 16;
const HASH_WORDS = 8;

/** The boundary of a tenant. Throws `RangeError` on a salt below 16 bytes. */
export function boundaryOf(salt: Salt): Boundary {
  if (salt.length < MIN_SALT_BYTES) throw new RangeError(`a salt has at least ${MIN_SALT_BYTES} bytes`);
  const hash = keyedHash(salt);
  return {
    patience(level, key) {
      // A key that ends a leaf is a key of the level above: one word of the hash for both would end that node too.
      // Beyond the eighth level words repeat at distance 8, where no tree has more than one node.
      const bytes = hash(key);
      const at = (level % HASH_WORDS) * 4;
      const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
      return minusLog((((a << 24) | (b << 16) | (c << 8) | d) >>> 0) + 1);
    },
  };
}

/**
 * Whether a node ends behind an item that takes it from `before` to `after` bytes of items. Sizes follow a Weibull distribution with
 * k = 4: the hazard of the step is (after/scale)^4 - (before/scale)^4, and the node ends where it exceeds the key's patience.
 * Depends on the node's items up to this one and on nothing behind it: this is what makes edits find the old boundaries again.
 */
export function endsBehind(limits: Limits, before: number, after: number, patience: () => number): boolean {
  if (after < limits.min) return false;
  if (after > limits.close) return true;
  return fourth(after / limits.scale) - fourth(before / limits.scale) > patience();
}

function fourth(x: number): number {
  return x * x * (x * x);
}

const TERMS = 12;

/**
 * -ln(n / 2^32) for a whole n from 1 to 2^32. Only +, -, x and / are used, which IEEE 754 rounds alike everywhere; `Math.log` may
 * differ in its last bit between engines, and with it a root. ln m = 2 artanh((m - 1)/(m + 1)), |t| <= 1/3: twelve terms are exact to 1e-12.
 */
export function minusLog(n: number): number {
  let exponent = 32;
  let power = 1;
  while (power * 2 <= n) {
    power *= 2;
    exponent -= 1;
  }
  const t = (n / power - 1) / (n / power + 1);
  let sum = 0;
  let odd = t;
  for (let i = 0; i < TERMS; i += 1) {
    sum += odd / (2 * i + 1);
    odd *= t * t;
  }
  return exponent * Math.LN2 - 2 * sum;
}
