import { uuidOf } from '../digest.ts';
import type { EntryKind } from './tree-key.ts';

/** Sluice's own namespace of UUIDs (RFC 9562 section 6.6). */
const NAMESPACE = 'd0b2a4fe-5c1b-4a6e-8a37-9c3e2f7b1d54';

/** A UUID of version 5 in lower case, as every id is one. */
const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Whether a text may be an id of an entry. */
export function isEntryId(text: string): boolean {
  return FORM.test(text);
}

/**
 * The id of a config or a flag: a function of tenant, kind and key, the same in every environment and for ever. It is stored nowhere:
 * whoever looks for an id computes those of the keys at hand.
 */
export function entryId(tenant: string, kind: EntryKind, key: string): string {
  return uuidOf(NAMESPACE, `${tenant}\n${kind}\n${key}`);
}
