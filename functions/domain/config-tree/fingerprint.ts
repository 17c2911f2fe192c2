/** A hash under a secret of the tenant (`keyedHash`). */
export type Keyed = (text: string) => Uint8Array;

const PREFIX = 'sluice-hmac-sha256:';
/** Half of the hash: RFC 2104 section 5 allows no less. */
const BYTES = 16;
const FORM = new RegExp(`${PREFIX}[0-9a-f]{${2 * BYTES}}`);

/** The fingerprint of a text. Equal texts have equal ones; without the tenant's chunking key nobody can make one. */
export function fingerprintOf(keyed: Keyed, text: string): string {
  const hash = keyed(`sluice/fingerprint/v1\n${text}`);
  return `${PREFIX}${Buffer.from(hash).toString('hex', 0, BYTES)}`;
}

/** Whether a text, such as the JSON of a value, holds a fingerprint: a mask that is being written back. */
export function holdsFingerprint(text: string): boolean {
  return FORM.test(text);
}
