import type { Json } from '../jcs.ts';
import { canonicalJson, NotCanonical } from '../jcs.ts';
import type { Refusal } from '../refusal.ts';
import { refuse } from '../refusal.ts';
import { bodyOf } from './body.ts';
import { holdsFingerprint, type Keyed } from './fingerprint.ts';
import type { Body, NewNode } from './node.ts';
import { MAX_VALUE_BYTES } from './parameters.ts';
import { isEntryKey, treeKey } from './tree-key.ts';

/**
 * A config holds a value, or the ARN under which a secret is kept. `Mark` is what `sensitive` may be: `true` hides the value from all but
 * delivery, `false` says that a value which looks like a secret is none, and absent says nothing.
 */
type ConfigOf<Mark> =
  | { readonly kind: 'config'; readonly key: string; readonly value: Json; readonly sensitive?: Mark }
  | { readonly kind: 'config'; readonly key: string; readonly secret_ref: string };

/** A feature flag; `default_variant` is one of `variants`. */
type FlagOf<Mark> = {
  readonly kind: 'flag';
  readonly key: string;
  readonly enabled: boolean;
  readonly variants: { readonly [name: string]: Json };
  readonly default_variant: string;
  readonly targeting: Json;
  readonly sensitive?: Mark;
};

export type EntryOf<Mark> = ConfigOf<Mark> | FlagOf<Mark>;
export type FlagEntry = FlagOf<boolean>;

/** What an environment holds: nothing but meaning, so that equal environments share every node. */
export type Entry = EntryOf<boolean>;

/** An entry as an item of the tree, with the part nodes that a long body needs. */
export type EntryItem = { readonly key: string; readonly body: Body; readonly parts: readonly NewNode[] };

/** First byte of a body: what it holds, and for a value or a flag its mark, if it has one. */
export const BODY_TAG = {
  value: { unmarked: 0x76, sensitive: 0x56, open: 0x6f },
  flag: { unmarked: 0x66, sensitive: 0x46, open: 0x67 },
  secret: 0x73,
} as const;

/**
 * Bytes behind the tag of a sensitive body: an HMAC of what follows under the tenant's chunking key. Roots, change-set digests and ids of nodes are
 * plain hashes that every reader sees; without these bytes a reader could try short values against them.
 */
export const BLIND_BYTES = 32;

const ARN = /^arn:[a-z0-9-]{1,32}:[a-z0-9-]{1,64}:[a-z0-9-]{0,64}:[0-9]{0,12}:[!-~]{1,1024}$/;
const MAX_DEPTH = 64;
const UTF8 = new TextEncoder();

/** The item of an entry, or why it may not be stored (`invalid_request`, naming the field; `masked_value`). */
export function itemOfEntry(entry: Entry, keyed: Keyed): EntryItem | Refusal {
  if (!isEntryKey(entry.key))
    return refuse('invalid_request', 'key: letters, digits and ._/- only, 1 to 256');
  const body = bodyOfEntry(entry, keyed);
  return 'refused' in body ? body : { key: treeKey(entry.kind, entry.key), ...body };
}

function bodyOfEntry(entry: Entry, keyed: Keyed): Omit<EntryItem, 'key'> | Refusal {
  switch (entry.kind) {
    case 'config':
      if (!('secret_ref' in entry)) return tagged('value', entry, entry.value, keyed);
      if (!ARN.test(entry.secret_ref)) return refuse('invalid_request', 'secret_ref: not an ARN');
      return bodyOf(joined(BODY_TAG.secret, NO_BYTES, entry.secret_ref));
    case 'flag': {
      const { enabled, variants, default_variant, targeting } = entry;
      if (!Object.hasOwn(variants, default_variant)) {
        return refuse('invalid_request', 'default_variant: not one of the variants');
      }
      return tagged('flag', entry, { enabled, variants, default_variant, targeting }, keyed);
    }
    default:
      return entry satisfies never;
  }
}

function tagged(
  what: 'value' | 'flag',
  { kind, key, sensitive }: Pick<Entry, 'kind' | 'key'> & { readonly sensitive?: boolean },
  value: Json,
  keyed: Keyed,
): Omit<EntryItem, 'key'> | Refusal {
  if (!isShallow(value)) return refuse('invalid_request', `${what}: nested more than ${MAX_DEPTH} deep`);
  try {
    const text = canonicalJson(value);
    if (holdsFingerprint(text))
      return refuse('masked_value', 'is a mask, not a value: send the value, or leave the entry out');
    const blind = sensitive ? keyed(`sluice/blind/v1\n${kind}\n${key}\n${text}`) : NO_BYTES;
    const mark = sensitive === undefined ? 'unmarked' : sensitive ? 'sensitive' : 'open';
    const body = joined(BODY_TAG[what][mark], blind, text);
    if (body.length <= 1 + MAX_VALUE_BYTES) return bodyOf(body);
    const most = MAX_VALUE_BYTES - blind.length;
    const size = body.length - 1 - blind.length;
    return refuse('invalid_request', `${what}: ${size} bytes, at most ${most} are allowed`);
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    return refuse('invalid_request', `${what}: ${error.message}`);
  }
}

/** Goes level by level, not by recursion: the value may come from anybody, and depth must not be measured with the stack. */
function isShallow(value: Json): boolean {
  let wave: unknown[] = [value];
  for (let depth = 0; wave.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return false;
    wave = wave.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return true;
}

const NO_BYTES = new Uint8Array();

function joined(tag: number, blind: Uint8Array, text: string): Uint8Array {
  const bytes = UTF8.encode(text);
  const body = new Uint8Array(1 + blind.length + bytes.length);
  body[0] = tag;
  body.set(blind, 1);
  body.set(bytes, 1 + blind.length);
  return body;
}
