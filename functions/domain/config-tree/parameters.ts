/**
 * The numbers of the config tree (measured on 100,000 keys of 26 + 102 bytes).
 * They decide every root: a change here is a new node format, with a new digest domain.
 */

/** First byte of every node. */
export const NODE_VERSION = 1;

/** Type byte and key of up to 256 characters; keys are ASCII, so characters are bytes. */
export const MAX_KEY_BYTES = 257;

/** A value, as canonical JSON in UTF-8; what a flag says counts as one value. */
export const MAX_VALUE_BYTES = 64 * 1024;

/** A value and the byte that says what it is. */
export const MAX_BODY_BYTES = 1 + MAX_VALUE_BYTES;

/** A value over 2 KB lives in nodes of its own, so that no value can fill a leaf. */
export const MAX_INLINE_BYTES = 1 + 2048;

/** Branches above the leaves; a tree of two-item nodes this deep has more entries than any table. */
export const MAX_LEVEL = 40;

/** What a store adds to a node: key attributes, tenant and codec byte. Kept free below the hard maximum. */
const STORED_OVERHEAD = 256;

/** Version, level and number of items. */
const HEADER_BYTES = 5;

/** Bytes of one kind of node, uncompressed. */
export type Limits = {
  /** No boundary before this many bytes of items: target / 8. */
  readonly min: number;
  /** Scale of the Weibull distribution of sizes: the target. The mean is 0.906 of it (Γ(1 + 1/4)). */
  readonly scale: number;
  /** From here on the node is closed whatever its keys say: one more item could pass `max`. */
  readonly close: number;
  /** No node is longer: 4 x target less what the store adds. */
  readonly max: number;
};

function limits(target: number, largestItem: number): Limits {
  const max = 4 * target - STORED_OVERHEAD;
  return {
    min: target / 8,
    scale: target,
    close: max - HEADER_BYTES - largestItem,
    max,
  };
}

/** Two lengths before a key, at most two bytes each. */
const KEY_OVERHEAD = 4;

export const LEAF = limits(8 * 1024, KEY_OVERHEAD + MAX_KEY_BYTES + 3 + MAX_INLINE_BYTES);
/** An item of a branch has a count of at most 8 bytes and a hash of 32. */
export const BRANCH = limits(4 * 1024, KEY_OVERHEAD + MAX_KEY_BYTES + 8 + 32);

/** A long body is cut into parts of this size, each a node below the same hard maximum as a leaf. */
export const PART_BYTES = LEAF.max - 2;
