import { type Hash, type NodeAt, nodeHash, type Range, rootOf } from './merkle.ts';

/** Levels of the tree in one tile, and the hashes of a full one (C2SP tlog-tiles). */
const HEIGHT = 8;
export const WIDTH = 2 ** HEIGHT;
const HASH = 32;

/** A tile: up to 256 hashes, one after the other. `level` counts tiles of 8 levels; one of less than 256 hashes is partial. */
export type Tile = { readonly level: number; readonly index: number; readonly width: number };

/** Where a tile lies. */
export const tilePath = ({ level, index, width }: Tile): string =>
  `tile/${level}/${numberPath(index)}${partOf(width)}`;

/** Where the entries of a tile of level 0 lie. */
export const entriesPath = ({ index, width }: Pick<Tile, 'index' | 'width'>): string =>
  `tile/entries/${numberPath(index)}${partOf(width)}`;

const partOf = (width: number): string => (width === WIDTH ? '' : `.p/${width}`);

/** `1234067` is `x001/x234/067`: no folder has more than a thousand names. */
function numberPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
}

/** The partial tiles at the right edge of a tree. */
export function edgeOf(size: number): readonly Tile[] {
  const edge: Tile[] = [];
  for (let [level, hashes] = [0, size]; hashes > 0; level += 1) {
    const width = hashes % WIDTH;
    hashes = Math.floor(hashes / WIDTH);
    if (width > 0) edge.push({ level, index: hashes, width });
  }
  return edge;
}

/** The tiles of a tree of `size` from which the roots of these ranges follow, each once. */
export function tilesFor(ranges: readonly Range[], size: number): readonly Tile[] {
  const tiles = new Map<string, Tile>();
  for (const range of ranges) {
    rootOf(range, (level, index) => {
      const tile = tileOf(level, index, size);
      tiles.set(tilePath(tile), tile);
      return new Uint8Array(0);
    });
  }
  return [...tiles.values()];
}

/** Reads nodes of a tree of `size` from its tiles. Throws `RangeError` when a tile is not there, or has another length than its width. */
export function nodesIn(tiles: (path: string) => Uint8Array | undefined, size: number): NodeAt {
  return (level, index) => {
    const tile = tileOf(level, index, size);
    const bytes = tiles(tilePath(tile));
    if (bytes?.length !== tile.width * HASH)
      throw new RangeError(`${tilePath(tile)} is not ${tile.width} hashes`);
    const span = 2 ** (level % HEIGHT);
    return over(hashesIn(bytes), (index * span) % WIDTH, span);
  };
}

/** The hashes of a tile. */
export const hashesIn = (bytes: Uint8Array): readonly Hash[] =>
  Array.from({ length: Math.floor(bytes.length / HASH) }, (_, at) =>
    bytes.subarray(at * HASH, (at + 1) * HASH),
  );

function tileOf(nodeLevel: number, nodeIndex: number, size: number): Tile {
  const level = Math.floor(nodeLevel / HEIGHT);
  const index = Math.floor((nodeIndex * 2 ** (nodeLevel % HEIGHT)) / WIDTH);
  const hashes = Math.floor(size / WIDTH ** level);
  return { level, index, width: Math.min(WIDTH, hashes - index * WIDTH) };
}

/** The root over `span` hashes, a power of two, from a place on. */
export function over(hashes: readonly Hash[], from: number, span: number): Hash {
  const only = hashes[from];
  if (only === undefined) throw new RangeError(`there is no hash ${from}`);
  if (span === 1) return only;
  return nodeHash(over(hashes, from, span / 2), over(hashes, from + span / 2, span / 2));
}
