import { digestOfBytes } from '../../domain/digest.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { badFields } from './issues.ts';

/**
 * The form of the answers that a cache may keep: flags, entries, snapshots and the overview. Raised with any of them, so that what a cache
 * holds in an older form is never called unchanged; a test holds it beside their schemas.
 */
export const FORM = 2;

/** A version as an entity tag (RFC 9110 section 8.8.3); with what an answer shows beside what the version says, which changes without it. */
export const etag = (version: number, beside?: object): { readonly etag: string } => ({
  etag: beside === undefined ? `"${version}"` : `"${version}-${shortDigest(beside)}"`,
});

const shortDigest = (said: object): string =>
  digestOfBytes(JSON.stringify(said)).slice('sha256:'.length, 'sha256:'.length + 16);

/**
 * The versions in `If-Match`; `undefined` without the header and for `*`. Weak tags match nothing (RFC 9110 section 13.1.1),
 * and neither does a tag that Sluice never gave out.
 */
export function ifMatch(headers: {
  readonly [name: string]: string | undefined;
}): { readonly versions: readonly number[] | undefined } | Refusal {
  const given = headers['if-match']?.trim();
  if (given === undefined || given === '*') return { versions: undefined };
  if (!LIST.test(given)) {
    return badFields([{ field: 'If-Match', problem: 'must be * or entity tags in double quotes' }]);
  }
  const tags = [...given.matchAll(TAG)].map(({ groups }) => groups ?? {});
  const strong = tags.filter(({ weak }) => weak === undefined).map(({ tag }) => tag ?? '');
  const versions = strong.flatMap((tag) => VERSION.exec(tag)?.groups?.['version'] ?? []);
  return { versions: versions.map(Number) };
}

const VERSION = /^(?<version>[0-9]{1,15})(-[0-9a-f]{16})?$/;
const TAG = /(?<weak>W\/)?"(?<tag>[\x21\x23-\x7e]*)"/g;
const LIST = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*$/;
