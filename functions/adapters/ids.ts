import { randomBytes } from 'node:crypto';
import type { Ids } from '../ports/clock.ts';

/** Crockford's base 32 (no I, L, O, U): its order is ASCII's order, so texts sort as numbers do. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 48 bits of milliseconds. */
const TIME_DIGITS = 10;
/** 80 bits: two ids of one millisecond meet once in 2^40 pairs. */
const RANDOM_DIGITS = 16;

/** Ids as ULIDs are made: time first, then randomness that nobody can guess. */
export const randomIds: Ids = {
  next: (prefix) => `${prefix}-${timeDigits(Date.now())}${randomDigits()}`,
};

function timeDigits(ms: number): string {
  let text = '';
  for (let left = ms; text.length < TIME_DIGITS; left = Math.floor(left / 32)) {
    text = ALPHABET.charAt(left % 32) + text;
  }
  return text;
}

function randomDigits(): string {
  return Array.from(randomBytes(RANDOM_DIGITS), (byte) => ALPHABET.charAt(byte % 32)).join('');
}
