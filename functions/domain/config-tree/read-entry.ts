import { Fault } from '../faults.ts';
import type { Json } from '../jcs.ts';
import { readBodies } from './body.ts';
import type { Entry } from './entry.ts';
import { BLIND_BYTES, BODY_TAG } from './entry.ts';
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
  if (kind === 'config' && body[0] === BODY_TAG.secret)
    return { kind, key, secret_ref: decode(treeKey, body.subarray(1)) };
  const mark = markOf(BODY_TAG[kind === 'flag' ? 'flag' : 'value'], body[0]);
  if (mark === undefined) throw noEntry(treeKey);
  const said = parse(treeKey, decode(treeKey, body.subarray(mark.sensitive === true ? 1 + BLIND_BYTES : 1)));
  switch (kind) {
    case 'config':
      return { kind, key, value: said, ...mark };
    case 'flag': {
      if (!isObject(said)) throw noEntry(treeKey);
      const { enabled, variants, default_variant, targeting } = said;
      if (typeof enabled !== 'boolean' || typeof default_variant !== 'string') throw noEntry(treeKey);
      if (!isObject(variants) || targeting === undefined) throw noEntry(treeKey);
      return { kind, key, enabled, variants, default_variant, targeting, ...mark };
    }
    default:
      return kind satisfies never;
  }
}

function markOf(
  tags: { readonly unmarked: number; readonly sensitive: number; readonly open: number },
  tag: number | undefined,
): { readonly sensitive?: boolean } | undefined {
  switch (tag) {
    case tags.unmarked:
      return {};
    case tags.sensitive:
      return { sensitive: true };
    case tags.open:
      return { sensitive: false };
    default:
      return undefined;
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
