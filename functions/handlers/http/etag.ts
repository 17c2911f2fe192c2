import type { Refusal } from '../../domain/refusal.ts';
import { badFields } from './issues.ts';

/** A version as an entity tag (RFC 9110 section 8.8.3). */
export const etag = (version: number): { readonly etag: string } => ({ etag: `"${version}"` });

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
  return { versions: strong.filter((tag) => /^[0-9]{1,15}$/.test(tag)).map(Number) };
}

const TAG = /(?<weak>W\/)?"(?<tag>[\x21\x23-\x7e]*)"/g;
const LIST = /^(?:W\/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e]*")*$/;
