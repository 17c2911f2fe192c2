import { randomStream } from '../support/random-stream.ts';

/**
 * Entries like those of a real estate: 26-character keys in teams and services, 100-byte JSON values of which a third is random
 * (identifiers, ports, shares), the rest repeats.
 */

const SETTINGS = [
  'address',
  'billing',
  'enabled',
  'logging',
  'maximum',
  'minimum',
  'retries',
  'threads',
  'timeout',
  'tracing',
];

/** The i-th tree key, ascending with i (below 100 million); a hundred services of one team are 1,000 keys with one prefix. */
export function benchKey(i: number): string {
  const service = String(Math.floor(i / 10)).padStart(7, '0');
  const setting = SETTINGS[i % 10] ?? '';
  return `cteam-${service.slice(0, 4)}/svc-${service.slice(4)}.${setting}`;
}

/** A body of about 100 bytes; the version tells values of one key apart. */
export function benchValue(i: number, version = 0): Uint8Array {
  const random = randomStream(i * 31 + version * 1_000_003 + 17);
  const pick = (below: number, width: number) => String(Math.floor(random() * below)).padStart(width, '0');
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return new TextEncoder().encode(
    `v{"endpoint":"https://svc-${pick(1000, 3)}.internal:${pick(10_000, 4)}","limit":${100 + Math.floor(random() * 900)},` +
      `"revision":"${hex()}${hex()}","share":0.${10 + Math.floor(random() * 90)}}`,
  );
}

/** 102 bytes that do not repeat at all, base64-like: the worst that JSON text does. */
export function opaqueValue(i: number, version = 0): Uint8Array {
  const random = randomStream(i * 131 + version * 7_000_003 + 5);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let text = 'v"';
  while (text.length < 101) text += alphabet[Math.floor(random() * 64)];
  return new TextEncoder().encode(`${text}"`);
}
