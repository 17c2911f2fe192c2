import { uuidOf } from '../digest.ts';
import type { EntryKind } from './tree-key.ts';

/** Sluice's own namespace of UUIDs (RFC 9562 section 6.6). */
const NAMESPACE = 'd0b2a4fe-5c1b-4a6e-8a37-9c3e2f7b1d54';

/** The id of a config or a flag: a function of tenant, kind and key, the same in every environment and for ever. */
export function entryId(tenant: string, kind: EntryKind, key: string): string {
  return uuidOf(NAMESPACE, `${tenant}\n${kind}\n${key}`);
}
