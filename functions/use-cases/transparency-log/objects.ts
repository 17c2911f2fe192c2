import { Fault } from '../../domain/faults.ts';
import { headSaid } from '../../domain/transparency-log/checkpoint.ts';
import type { LogObject } from '../../domain/transparency-log/grow.ts';
import { isSame } from '../../domain/transparency-log/merkle.ts';
import type { LogObjects, Marked } from '../../ports/log-objects.ts';

/** The objects of a tenant's log lie in a folder of their own. */
const pathOf = (tenant: string, path: string): string => `${tenant}/${path}`;

/** Reads objects of a log at once; those that are not there are left out. */
export async function readObjects(
  objects: LogObjects,
  tenant: string,
  paths: readonly string[],
): Promise<(path: string) => Uint8Array | undefined> {
  const found = await Promise.all(paths.map((path) => objects.get(pathOf(tenant, path))));
  const byPath = new Map(paths.map((path, at) => [path, found[at]?.bytes]));
  return (path) => byPath.get(path);
}

/**
 * Writes an object that never changes. One that is there with the same bytes is written; with other bytes it is the fault
 * `Corrupt`, and while others write it `Unavailable`.
 */
export async function writeOnce(
  objects: LogObjects,
  tenant: string,
  { path, bytes }: LogObject,
): Promise<void> {
  if (await objects.put(pathOf(tenant, path), bytes)) return;
  const there = await objects.get(pathOf(tenant, path));
  // Another writer of it is under way, and neither is done.
  if (there === undefined)
    throw new Fault('Unavailable', `the log of ${tenant}: ${path} is being written by others`);
  if (!isSame(there.bytes, bytes))
    throw new Fault(
      'Corrupt',
      `the log of ${tenant} has other bytes at ${path} than follow from its entries`,
    );
}

const CHECKPOINT = 'checkpoint';
/** Rounds against others who publish at the same time. */
const TRIES = 5;

/** The checkpoint that readers of the tiles see; `undefined` when there is none. Nothing of it is verified. */
export const readPublished = (objects: LogObjects, tenant: string): Promise<Marked | undefined> =>
  objects.get(pathOf(tenant, CHECKPOINT));

/** `there`: the one that was read before, so that it is not read again. */
type Publishing = {
  readonly checkpoint: string;
  readonly from: number;
  readonly there?: Marked | undefined;
};

/**
 * Publishes a checkpoint that continues the log from the size `from` on, unless it, or one with more signatures, or a newer one is there. A
 * checkpoint of a size between the two, or another one of the same size, is a log that this one does not continue: the fault `Corrupt`.
 */
export async function publishCheckpoint(
  objects: LogObjects,
  tenant: string,
  { checkpoint, from, ...read }: Publishing,
): Promise<void> {
  const path = pathOf(tenant, CHECKPOINT);
  const own = headSaid(checkpoint);
  const bytes = new TextEncoder().encode(checkpoint);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const there = tries === 0 && 'there' in read ? read.there : await objects.get(path);
    const found = there === undefined ? undefined : headSaid(new TextDecoder().decode(there.bytes));
    if (there !== undefined && found !== undefined && own !== undefined && found.size > from) {
      const same = found.size === own.size && isSame(found.root, own.root);
      if (found.size > own.size || (same && there.bytes.length >= bytes.length)) return;
      if (!same)
        throw new Fault(
          'Corrupt',
          `the log of ${tenant} has a checkpoint of ${found.size} that it does not continue`,
        );
    }
    if (await objects.put(path, bytes, there?.mark)) return;
  }
  throw new Fault('Unavailable', `the checkpoint of ${tenant} is being written by others`);
}
