import { sha256Of } from '../digest.ts';

/** 32 bytes: a leaf, a node or the root of the tree (RFC 6962 section 2.1, SHA-256). */
export type Hash = Uint8Array;

/** Leaves from `from` up to `until`, which is not among them. */
export type Range = { readonly from: number; readonly until: number };

/** Gives the root of a perfect subtree: `level` 0 are the leaves, `index` counts from the left. */
export type NodeAt = (level: number, index: number) => Hash;

/** What keeps a leaf from being taken for a node. */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (entry: Uint8Array): Hash => sha256Of(LEAF, entry);
export const nodeHash = (left: Hash, right: Hash): Hash => sha256Of(NODE, left, right);

/** The ranges whose roots prove that a leaf is in a tree of `size`, from the leaf to the root (RFC 6962 section 2.1.1). */
export function inclusionRanges(index: number, size: number): readonly Range[] {
  const path: Range[] = [];
  let [from, until] = [0, size];
  while (until - from > 1) {
    const middle = from + split(until - from);
    if (index < middle) {
      path.unshift({ from: middle, until });
      until = middle;
    } else {
      path.unshift({ from, until: middle });
      from = middle;
    }
  }
  return path;
}

/** The ranges whose roots prove that a tree of `second` begins with the tree of `first` (RFC 6962 section 2.1.2). */
export function consistencyRanges(first: number, second: number): readonly Range[] {
  const path: Range[] = [];
  if (first === 0 || first === second) return path;
  let [from, until, whole] = [0, second, true];
  while (until !== first) {
    const middle = from + split(until - from);
    if (first <= middle) {
      path.unshift({ from: middle, until });
      until = middle;
    } else {
      path.unshift({ from, until: middle });
      from = middle;
      whole = false;
    }
  }
  return whole ? path : [{ from, until }, ...path];
}

/** The root over a range that begins where a subtree begins; of no leaves the hash of nothing. */
export function rootOf({ from, until }: Range, nodeAt: NodeAt): Hash {
  const size = until - from;
  if (size === 0) return sha256Of();
  const level = Math.log2(size);
  if (Number.isInteger(level)) return nodeAt(level, from / size);
  const middle = from + split(size);
  return nodeHash(rootOf({ from, until: middle }, nodeAt), rootOf({ from: middle, until }, nodeAt));
}

/** Whether a path leads from a leaf at a place to the root of a tree of `size` (RFC 9162 section 2.1.3.2). */
export function isIncluded(
  leaf: Hash,
  index: number,
  tree: { readonly size: number; readonly root: Hash },
  path: readonly Hash[],
): boolean {
  if (index >= tree.size) return false;
  let [at, last, hash] = [index, tree.size - 1, leaf];
  for (const next of path) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      hash = nodeHash(next, hash);
      for (; !isOdd(at) && at !== 0; [at, last] = [half(at), half(last)]);
    } else hash = nodeHash(hash, next);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSame(hash, tree.root);
}

type Tree = { readonly size: number; readonly root: Hash };

/** Whether a path shows that the second tree begins with the first (RFC 9162 section 2.1.4.2). */
export function isConsistent(first: Tree, second: Tree, path: readonly Hash[]): boolean {
  if (first.size > second.size) return false;
  if (first.size === second.size) return path.length === 0 && isSame(first.root, second.root);
  if (first.size === 0) return path.length === 0 && isSame(first.root, sha256Of());
  const whole = Number.isInteger(Math.log2(first.size)) ? [first.root, ...path] : path;
  const [start, ...rest] = whole;
  if (start === undefined) return false;
  let [at, last] = [first.size - 1, second.size - 1];
  for (; isOdd(at); [at, last] = [half(at), half(last)]);
  let [older, newer] = [start, start];
  for (const next of rest) {
    if (last === 0) return false;
    if (isOdd(at) || at === last) {
      [older, newer] = [nodeHash(next, older), nodeHash(next, newer)];
      for (; !isOdd(at) && at !== 0; [at, last] = [half(at), half(last)]);
    } else newer = nodeHash(newer, next);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isSame(older, first.root) && isSame(newer, second.root);
}

/** The largest power of two below a number of at least 2. Sizes go beyond 32 bits, so that nothing here shifts. */
function split(size: number): number {
  const power = 2 ** Math.floor(Math.log2(size));
  return power === size ? size / 2 : power;
}

const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);

export const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
