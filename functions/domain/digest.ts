import { createHash } from 'node:crypto';
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
  | 'sluice/change-set/v1'
  | 'sluice/content/v1'
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

/** The plain digest of bytes or UTF-8 text, without a domain: for content that others hash too. */
export function digestOfBytes(bytes: string | Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
