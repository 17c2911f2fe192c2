import type { Json } from '../jcs.ts';
import { canonicalJson, NotCanonical } from '../jcs.ts';
import type { Refusal } from '../refusal.ts';
import { refuse } from '../refusal.ts';
import { bodyOf } from './body.ts';
import type { Body, NewNode } from './node.ts';
import { MAX_VALUE_BYTES } from './parameters.ts';
import { isEntryKey, treeKey } from './tree-key.ts';

/** A value by itself, or the ARN under which a secret is kept: a secret is never in the tree. */
export type ConfigEntry =
  | { readonly kind: 'config'; readonly key: string; readonly value: Json }
  | { readonly kind: 'config'; readonly key: string; readonly secret_ref: string };

/** A feature flag; `default_variant` is one of `variants`. */
export type FlagEntry = {
  readonly kind: 'flag';
  readonly key: string;
  readonly enabled: boolean;
  readonly variants: { readonly [name: string]: Json };
  readonly default_variant: string;
  readonly targeting: Json;
};

/** What an environment holds: nothing but meaning, so that equal environments share every node. */
export type Entry = ConfigEntry | FlagEntry;

/** An entry as an item of the tree, with the part nodes that a long body needs. */
export type EntryItem = { readonly key: string; readonly body: Body; readonly parts: readonly NewNode[] };

/** First byte of a body. */
export const BODY_TAG = { value: 0x76, secret: 0x73, flag: 0x66 } as const;

const ARN = /^arn:[a-z0-9-]{1,32}:[a-z0-9-]{1,64}:[a-z0-9-]{0,64}:[0-9]{0,12}:[!-~]{1,1024}$/;
const MAX_DEPTH = 64;
const UTF8 = new TextEncoder();

/** The item of an entry, or why it may not be stored (`invalid_request`, naming the field). */
export function itemOfEntry(entry: Entry): EntryItem | Refusal {
  if (!isEntryKey(entry.key))
    return refuse('invalid_request', 'key: letters, digits and ._/- only, 1 to 256');
  const body = bodyOfEntry(entry);
  return 'refused' in body ? body : { key: treeKey(entry.kind, entry.key), ...body };
}

function bodyOfEntry(entry: Entry): Omit<EntryItem, 'key'> | Refusal {
  switch (entry.kind) {
    case 'config':
      if (!('secret_ref' in entry)) return tagged('value', entry.value);
      if (!ARN.test(entry.secret_ref)) return refuse('invalid_request', 'secret_ref: not an ARN');
      return bodyOf(withTag(BODY_TAG.secret, entry.secret_ref));
    case 'flag': {
      const { enabled, variants, default_variant, targeting } = entry;
      if (!Object.hasOwn(variants, default_variant)) {
        return refuse('invalid_request', 'default_variant: not one of the variants');
      }
      return tagged('flag', { enabled, variants, default_variant, targeting });
    }
    default:
      return entry satisfies never;
  }
}

function tagged(what: 'value' | 'flag', value: Json): Omit<EntryItem, 'key'> | Refusal {
  if (!isShallow(value)) return refuse('invalid_request', `${what}: nested more than ${MAX_DEPTH} deep`);
  try {
    const body = withTag(BODY_TAG[what], canonicalJson(value));
    if (body.length <= 1 + MAX_VALUE_BYTES) return bodyOf(body);
    return refuse(
      'invalid_request',
      `${what}: ${body.length - 1} bytes, at most ${MAX_VALUE_BYTES} are allowed`,
    );
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

function withTag(tag: number, text: string): Uint8Array {
  const bytes = UTF8.encode(text);
  const body = new Uint8Array(1 + bytes.length);
  body[0] = tag;
  body.set(bytes, 1);
  return body;
}
