import { openCheckpoint } from './checkpoint.ts';
import { isConsistent } from './merkle.ts';
import { hashesOf } from './proof.ts';

/** Two checkpoints of one log, the way from the older to the newer (base64), and the key that is trusted (SPKI, PEM). */
export type TwoCheckpoints = {
  readonly older: string;
  readonly newer: string;
  readonly path: readonly string[];
  readonly publicKey: string;
  /** The key of the older one, where the log has got a new key since. */
  readonly olderKey?: string;
};

/** What two checkpoints show, or what is wrong with them. */
export type ConsistencyVerified =
  | { readonly origin: string; readonly first: number; readonly second: number }
  | { readonly problem: string };

/** Verifies without asking anybody that the newer checkpoint holds all that the older one held, in its place. */
export function verifyConsistency({
  older,
  newer,
  path,
  publicKey,
  olderKey = publicKey,
}: TwoCheckpoints): ConsistencyVerified {
  const [first, second] = [openCheckpoint(older, olderKey), openCheckpoint(newer, publicKey)];
  if (first === undefined) return { problem: 'the older checkpoint is not signed by the key' };
  if (second === undefined) return { problem: 'the newer checkpoint is not signed by the key' };
  if (first.origin !== second.origin) return { problem: 'the checkpoints are of different logs' };
  if (first.size > second.size)
    return { problem: 'the newer checkpoint is of fewer entries: the log was cut' };
  const hashes = hashesOf(path);
  if (hashes === undefined || !isConsistent(first, second, hashes))
    return {
      problem: `the log of ${second.size} entries does not continue the one of ${first.size}: it was changed or forked`,
    };
  return { origin: second.origin, first: first.size, second: second.size };
}
