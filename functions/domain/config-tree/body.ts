import { Fault } from '../faults.ts';
import { encodePart } from './encode-node.ts';
import type { Body, NewNode } from './node.ts';
import type { Nodes } from './nodes.ts';
import { MAX_BODY_BYTES, MAX_INLINE_BYTES, PART_BYTES } from './parameters.ts';

/** The body of some bytes, and the part nodes it needs when they are too many for a leaf. Throws `RangeError` above 64 KB. */
export function bodyOf(bytes: Uint8Array): { readonly body: Body; readonly parts: readonly NewNode[] } {
  if (bytes.length > MAX_BODY_BYTES) throw new RangeError(`a body has at most ${MAX_BODY_BYTES} bytes`);
  if (bytes.length <= MAX_INLINE_BYTES) return { body: { inline: bytes }, parts: [] };
  const parts: NewNode[] = [];
  for (let at = 0; at < bytes.length; at += PART_BYTES) {
    parts.push(encodePart(bytes.subarray(at, at + PART_BYTES)));
  }
  return { body: { size: bytes.length, parts: parts.map(({ id }) => id) }, parts };
}

/** The bytes of bodies, in the order given; all part nodes are read in one round. */
export async function readBodies(nodes: Nodes, bodies: readonly Body[]): Promise<readonly Uint8Array[]> {
  const ids = bodies.flatMap((body) => ('inline' in body ? [] : body.parts));
  const parts = await nodes.read(ids);
  return bodies.map((body) => {
    if ('inline' in body) return body.inline;
    const bytes = new Uint8Array(body.size);
    let at = 0;
    for (const id of body.parts) {
      const part = parts.get(id);
      if (part?.kind !== 'part' || at + part.bytes.length > body.size) throw broken();
      bytes.set(part.bytes, at);
      at += part.bytes.length;
    }
    if (at !== body.size) throw broken();
    return bytes;
  });
}

function broken(): Fault {
  return new Fault('Corrupt', 'the parts of a body do not make up its size');
}
