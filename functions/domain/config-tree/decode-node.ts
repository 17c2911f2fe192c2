import { digestOfRaw, RAW_DIGEST_LENGTH } from '../digest.ts';
import { ByteReader, corrupt } from './bytes.ts';
import { PART_LEVEL } from './encode-node.ts';
import type { Body, Branch, Leaf, Node } from './node.ts';
import {
  BRANCH,
  LEAF,
  MAX_BODY_BYTES,
  MAX_INLINE_BYTES,
  MAX_KEY_BYTES,
  MAX_LEVEL,
  NODE_VERSION,
  PART_BYTES,
} from './parameters.ts';
import { isTreeKey } from './tree-key.ts';

/**
 * The node that canonical bytes say. Accepts exactly what the encoders write and nothing else, with every length bounded
 * before it is used; throws the fault `Corrupt` otherwise. Bodies are views of `bytes`.
 */
export function decodeNode(bytes: Uint8Array): Node {
  if (bytes.length > LEAF.max) throw corrupt(`${bytes.length} bytes are too many`);
  const reader = new ByteReader(bytes);
  if (reader.byte() !== NODE_VERSION) throw corrupt('its version is unknown');
  const level = reader.byte();
  if (level === PART_LEVEL) return decodePart(reader);
  if (level > MAX_LEVEL) throw corrupt(`level ${level} is too high`);
  if (level > 0 && bytes.length > BRANCH.max)
    throw corrupt(`${bytes.length} bytes are too many for a branch`);
  const node = level === 0 ? decodeLeaf(reader) : decodeBranch(level, reader);
  reader.end();
  return node;
}

function decodePart(reader: ByteReader): Node {
  if (reader.rest === 0) throw corrupt('a part is empty');
  return { kind: 'part', bytes: reader.bytes(reader.rest) };
}

function decodeLeaf(reader: ByteReader): Leaf {
  const keys = decodeKeys(reader);
  const heads = keys.map(() => reader.varint(MAX_BODY_BYTES * 2 + 1));
  const items = keys.map((key, i) => ({ key, body: decodeBody(reader, heads[i] ?? 0) }));
  return { kind: 'leaf', level: 0, items };
}

function decodeBody(reader: ByteReader, head: number): Body {
  const size = Math.floor(head / 2);
  if (head % 2 === 0) {
    if (size > MAX_INLINE_BYTES) throw corrupt(`a body of ${size} bytes is in a leaf`);
    return { inline: reader.bytes(size) };
  }
  if (size <= MAX_INLINE_BYTES) throw corrupt(`a body of ${size} bytes is in parts`);
  const count = Math.ceil(size / PART_BYTES);
  return { size, parts: Array.from({ length: count }, () => digestOfRaw(reader.bytes(RAW_DIGEST_LENGTH))) };
}

function decodeBranch(level: number, reader: ByteReader): Branch {
  const keys = decodeKeys(reader);
  if (keys.length === 0) throw corrupt('a branch has no child');
  const counts = keys.map(() => reader.varint(Number.MAX_SAFE_INTEGER));
  const items = keys.map((key, i) => {
    const head = counts[i] ?? 0;
    if (head < 2) throw corrupt('a child is empty');
    const id = digestOfRaw(reader.bytes(RAW_DIGEST_LENGTH));
    return { key, id, count: Math.floor(head / 2), parts: head % 2 === 1 };
  });
  return { kind: 'branch', level, items };
}

const ASCII = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

function decodeKeys(reader: ByteReader): string[] {
  const count = reader.varint(reader.rest);
  const lengths: { shared: number; rest: number }[] = [];
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    const shared = reader.varint(MAX_KEY_BYTES);
    const rest = reader.varint(MAX_KEY_BYTES - shared);
    lengths.push({ shared, rest });
    total += rest;
  }
  // Bytes above 127 decode to other characters, which no key may hold: the grammar below refuses them.
  const rests = ASCII.decode(reader.bytes(total));
  let at = 0;
  let previous = '';
  return lengths.map(({ shared, rest }) => {
    const key = previous.slice(0, shared) + rests.slice(at, at + rest);
    if (shared > previous.length || !isTreeKey(key)) throw corrupt('a key is not in the grammar');
    if (key <= previous || previous.charCodeAt(shared) === key.charCodeAt(shared)) {
      throw corrupt('its keys do not ascend, or share more than they say');
    }
    at += rest;
    previous = key;
    return key;
  });
}
