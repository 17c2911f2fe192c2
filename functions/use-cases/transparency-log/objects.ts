import { Fault } from '../../domain/faults.ts';
import { sizeSaid } from '../../domain/transparency-log/checkpoint.ts';
import type { LogObject } from '../../domain/transparency-log/grow.ts';
import { isSame } from '../../domain/transparency-log/merkle.ts';
import type { LogObjects } from '../../ports/log-objects.ts';

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

/** Writes an object that never changes. One that is there with the same bytes is written; with other bytes it is the fault `Corrupt`. */
export async function writeOnce(
  objects: LogObjects,
  tenant: string,
  { path, bytes }: LogObject,
): Promise<void> {
  if (await objects.put(pathOf(tenant, path), bytes)) return;
  const there = await objects.get(pathOf(tenant, path));
  if (there === undefined || !isSame(there.bytes, bytes))
    throw new Fault(
      'Corrupt',
      `the log of ${tenant} has other bytes at ${path} than follow from its entries`,
    );
}

const CHECKPOINT = 'checkpoint';
/** Rounds against others who publish at the same time. */
const TRIES = 5;

/** Publishes a checkpoint for readers of the tiles, unless a newer one is there. */
export async function publishCheckpoint(
  objects: LogObjects,
  tenant: string,
  checkpoint: string,
): Promise<void> {
  const path = pathOf(tenant, CHECKPOINT);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const there = await objects.get(path);
    if (there !== undefined && sizeSaid(new TextDecoder().decode(there.bytes)) >= sizeSaid(checkpoint))
      return;
    if (await objects.put(path, new TextEncoder().encode(checkpoint), there?.mark)) return;
  }
  throw new Fault('Unavailable', `the checkpoint of ${tenant} is being written by others`);
}
