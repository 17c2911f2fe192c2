import { bundleOf, entriesIn, joined } from './entry.ts';
import { type Hash, isSame, leafHash, rootOf } from './merkle.ts';
import { edgeOf, entriesPath, hashesIn, nodesIn, over, type Tile, tilePath, WIDTH } from './tiles.ts';

/** An object of the log: what lies under a path never changes. */
export type LogObject = { readonly path: string; readonly bytes: Uint8Array };

/** A tree and the partial objects at its right edge, by path. */
export type Grown = { readonly size: number; readonly root: Hash; readonly objects: readonly LogObject[] };

/** The objects to read before a tree of `size` can grow: its partial tiles, and the entries of the one of level 0. */
export function edgePaths(size: number): readonly string[] {
  const edge = edgeOf(size);
  return [...edge.map(tilePath), ...edge.filter(({ level }) => level === 0).map(entriesPath)];
}

/** What is wrong with the right edge of a tree whose root was signed; `undefined` when it is that tree's. */
export function wrongEdge(
  size: number,
  root: Hash,
  read: (path: string) => Uint8Array | undefined,
): string | undefined {
  const missing = edgePaths(size).find((path) => read(path) === undefined);
  if (missing !== undefined) return `${missing} is missing`;
  const [lowest] = edgeOf(size);
  if (lowest?.level === 0) {
    const leaves = hashesIn(read(tilePath(lowest)) ?? new Uint8Array(0));
    const entries = entriesIn(read(entriesPath(lowest)) ?? new Uint8Array(0)) ?? [];
    const same =
      entries.length === lowest.width &&
      entries.every((entry, at) => isSame(leafHash(entry), leaves[at] ?? entry));
    if (!same) return `${entriesPath(lowest)} is not what was logged`;
  }
  try {
    return isSame(rootOfTree(size, read), root)
      ? undefined
      : 'the tiles do not lead to the root that was signed';
  } catch (problem) {
    if (problem instanceof RangeError) return problem.message;
    throw problem;
  }
}

/**
 * Appends entries to a tree whose right edge was read: the objects to write, and the new root. The same entries on the same tree give
 * the same bytes, whoever does it and however often.
 */
export function grow(
  size: number,
  entries: readonly Uint8Array[],
  read: (path: string) => Uint8Array | undefined,
): Grown {
  const objects: LogObject[] = [];
  const edge = edgeOf(size);
  const partial = (level: number): Tile | undefined => edge.find((tile) => tile.level === level);
  const lowest = partial(0);
  const held = lowest === undefined ? [] : (entriesIn(read(entriesPath(lowest)) ?? new Uint8Array(0)) ?? []);
  for (const [index, some] of tilesFrom(size, [...held, ...entries])) {
    objects.push({ path: entriesPath({ index, width: some.length }), bytes: bundleOf(some) });
  }
  let added: readonly Hash[] = entries.map(leafHash);
  for (let [level, hashes] = [0, size]; added.length > 0; level += 1, hashes = Math.floor(hashes / WIDTH)) {
    const tile = partial(level);
    const before = tile === undefined ? [] : hashesIn(read(tilePath(tile)) ?? new Uint8Array(0));
    const full: Hash[] = [];
    for (const [index, some] of tilesFrom(hashes, [...before, ...added])) {
      objects.push({ path: tilePath({ level, index, width: some.length }), bytes: joined(some) });
      if (some.length === WIDTH) full.push(over(some, 0, WIDTH));
    }
    added = full;
  }
  const written = new Map(objects.map(({ path, bytes }) => [path, bytes]));
  const now = size + entries.length;
  return { size: now, root: rootOfTree(now, (path) => written.get(path) ?? read(path)), objects };
}

const rootOfTree = (size: number, read: (path: string) => Uint8Array | undefined): Hash =>
  rootOf({ from: 0, until: size }, nodesIn(read, size));

/** What stands in the tiles from the one that `before` hashes end in, by its number. */
function tilesFrom<T>(before: number, all: readonly T[]): readonly (readonly [number, readonly T[]])[] {
  const first = Math.floor(before / WIDTH);
  const count = Math.ceil(all.length / WIDTH);
  return Array.from(
    { length: count },
    (_, at) => [first + at, all.slice(at * WIDTH, (at + 1) * WIDTH)] as const,
  );
}
