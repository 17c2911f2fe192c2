import { Fault } from '../../domain/faults.ts';
import { type Hash, type Range, rootOf } from '../../domain/transparency-log/merkle.ts';
import { nodesIn, tilePath, tilesFor } from '../../domain/transparency-log/tiles.ts';
import type { LogStores } from './deps.ts';
import { readObjects } from './objects.ts';

/** The roots of ranges of a tree, from its tiles. Throws `Corrupt` when one is missing or cut short. */
export async function rootsOf(
  { logObjects }: Pick<LogStores, 'logObjects'>,
  tenant: string,
  size: number,
  ranges: readonly Range[],
): Promise<readonly Hash[]> {
  const read = await readObjects(logObjects, tenant, tilesFor(ranges, size).map(tilePath));
  const nodeAt = nodesIn(read, size);
  try {
    return ranges.map((range) => rootOf(range, nodeAt));
  } catch (problem) {
    if (!(problem instanceof RangeError)) throw problem;
    throw new Fault('Corrupt', `the log of ${tenant}: ${problem.message}`);
  }
}
