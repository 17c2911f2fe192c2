import { type Digest, isDigest } from '../digest.ts';
import { isTag } from './tags.ts';

/** A reference within one repository: a tag, or the digest after `@`. */
export type Reference = { readonly host?: string; readonly path?: string; readonly at: Digest | string };

/**
 * Reads what people paste: `tag`, `sha256:…`, `platform:tag`, `platform@sha256:…`, and each of the latter with the registry's host before
 * it. With a tag and a digest the digest counts, as for every client. Undefined when it is none of these.
 */
export function parseReference(text: string): Reference | undefined {
  if (isDigest(text) || isTag(text)) return { at: text };
  const [, named = '', digest] = /^([^@]+)(?:@(sha256:[0-9a-f]{64}))?$/.exec(text) ?? [];
  const [, place = '', tag] = /^(.*?)(?::([^:/]*))?$/.exec(named) ?? [];
  const at = digest ?? tag;
  if (at === undefined || !(isDigest(at) || isTag(at)) || (tag !== undefined && !isTag(tag)))
    return undefined;
  const slash = place.indexOf('/');
  const first = place.slice(0, Math.max(slash, 0));
  // As clients tell a host from a component: it has a dot or a port, or is this machine.
  if (/[.:]/.test(first) || first === 'localhost') return { host: first, path: place.slice(slash + 1), at };
  return place === '' ? undefined : { path: place, at };
}
