import type { Digest } from '../digest.ts';
import { encodeLeaf } from './encode-node.ts';
import type { NodeReader } from './nodes.ts';

const EMPTY = encodeLeaf([]);

/** The root of the tree without entries: what an environment has in which nothing was ever written. */
export const EMPTY_ROOT: Digest = EMPTY.id;

/** A reader that knows the empty tree by itself: nobody has to have stored it. */
export function knowingEmpty(reader: NodeReader): NodeReader {
  return {
    async read(ids, consistency) {
      const stored = await reader.read(
        ids.filter((id) => id !== EMPTY_ROOT),
        consistency,
      );
      return ids.includes(EMPTY_ROOT) ? new Map([...stored, [EMPTY_ROOT, EMPTY.bytes]]) : stored;
    },
  };
}
