import { digestOfBytesIn, rawOfDigest } from '../digest.ts';
import { ByteWriter } from './bytes.ts';
import type { Body, Child, LeafItem, NewNode } from './node.ts';
import { NODE_VERSION } from './parameters.ts';
import { sharedPrefix } from './tree-key.ts';

/** The level byte of a part, which is no level. */
export const PART_LEVEL = 0xff;

/**
 * The canonical bytes of a leaf, in columns because like compresses well beside like:
 * version, level 0, n, n x (shared, rest) lengths of keys against the key before, the rests, n x head, the bodies.
 * A head is 2 x size, plus 1 when the body is in parts; then the body is the raw digests of the parts.
 */
export function encodeLeaf(items: readonly LeafItem[]): NewNode {
  const writer = start(0, items);
  for (const { body } of items) writer.varint(headOf(body));
  for (const { body } of items) {
    if ('inline' in body) writer.bytes(body.inline);
    else for (const id of body.parts) writer.bytes(rawOfDigest(id));
  }
  return sealed(writer);
}

/** The canonical bytes of a branch: keys as in a leaf, n x (2 x count, plus 1 when parts are below), n x raw digest. */
export function encodeBranch(level: number, items: readonly Child[]): NewNode {
  const writer = start(level, items);
  for (const child of items) writer.varint(child.count * 2 + (child.parts ? 1 : 0));
  for (const child of items) writer.bytes(rawOfDigest(child.id));
  return sealed(writer);
}

/** The canonical bytes of a part: version, `PART_LEVEL`, and the bytes themselves. */
export function encodePart(bytes: Uint8Array): NewNode {
  const writer = new ByteWriter();
  writer.byte(NODE_VERSION);
  writer.byte(PART_LEVEL);
  writer.bytes(bytes);
  return sealed(writer);
}

/** The number written before a body. */
export function headOf(body: Body): number {
  return 'inline' in body ? body.inline.length * 2 : body.size * 2 + 1;
}

function start(level: number, items: readonly { readonly key: string }[]): ByteWriter {
  const writer = new ByteWriter();
  writer.byte(NODE_VERSION);
  writer.byte(level);
  writer.varint(items.length);
  let previous = '';
  for (const { key } of items) {
    const shared = sharedPrefix(previous, key);
    writer.varint(shared);
    writer.varint(key.length - shared);
    previous = key;
  }
  previous = '';
  for (const { key } of items) {
    writer.ascii(key, sharedPrefix(previous, key));
    previous = key;
  }
  return writer;
}

function sealed(writer: ByteWriter): NewNode {
  const bytes = writer.done();
  return { id: digestOfBytesIn('sluice/node/v1', bytes), bytes };
}
