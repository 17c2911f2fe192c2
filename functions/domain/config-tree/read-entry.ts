import { Fault } from '../faults.ts';
import type { Json } from '../jcs.ts';
import { readBodies } from './body.ts';
import type { Entry } from './entry.ts';
import { BODY_TAG } from './entry.ts';
import type { LeafItem } from './node.ts';
import type { Nodes } from './nodes.ts';
import { entryOfTreeKey } from './tree-key.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The entries of items, in their order; long bodies are read in one round. */
export async function readEntries(nodes: Nodes, items: readonly LeafItem[]): Promise<readonly Entry[]> {
  const bodies = await readBodies(
    nodes,
    items.map(({ body }) => body),
  );
  return items.map(({ key }, i) => entryOfBody(key, bodies[i] ?? new Uint8Array()));
}

/** The entry of a tree key and a body; the fault `Corrupt` on bytes that no entry has. */
export function entryOfBody(treeKey: string, body: Uint8Array): Entry {
  const { kind, key } = entryOfTreeKey(treeKey);
  const text = decode(treeKey, body.subarray(1));
  switch (kind) {
    case 'config':
      if (body[0] === BODY_TAG.secret) return { kind, key, secret_ref: text };
      if (body[0] === BODY_TAG.value) return { kind, key, value: parse(treeKey, text) };
      throw noEntry(treeKey);
    case 'flag': {
      const flag = body[0] === BODY_TAG.flag ? parse(treeKey, text) : null;
      if (!isObject(flag)) throw noEntry(treeKey);
      const { enabled, variants, default_variant, targeting } = flag;
      if (typeof enabled !== 'boolean' || typeof default_variant !== 'string') throw noEntry(treeKey);
      if (!isObject(variants) || targeting === undefined) throw noEntry(treeKey);
      return { kind, key, enabled, variants, default_variant, targeting };
    }
    default:
      return kind satisfies never;
  }
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decode(treeKey: string, bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (cause) {
    throw noEntry(treeKey, cause);
  }
}

function parse(treeKey: string, text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch (cause) {
    throw noEntry(treeKey, cause);
  }
}

function noEntry(treeKey: string, cause?: unknown): Fault {
  return new Fault('Corrupt', `what is stored under ${treeKey} is no entry`, { cause });
}
