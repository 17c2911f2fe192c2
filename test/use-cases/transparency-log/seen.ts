import { expect } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { openCheckpoint } from '../../../functions/domain/transparency-log/checkpoint.ts';
import { entriesIn } from '../../../functions/domain/transparency-log/entry.ts';
import { leafHash, nodeHash } from '../../../functions/domain/transparency-log/merkle.ts';
import { entriesPath } from '../../../functions/domain/transparency-log/tiles.ts';
import { testNoteSigner } from '../../support/signer.ts';
import { type LogWorld, TENANT } from './world.ts';

/** Until when a feeder of the tests may begin batches: the clock of the world stands still before it. */
export const END = '2026-11-22T09:01:00.000Z';

/** All that a reader of the bucket sees: the entries, in order, under a checkpoint whose root they have. */
export async function published(world: LogWorld): Promise<readonly { chain: string; seq: number }[]> {
  const note = world.logObjects.all.get(`${TENANT}/checkpoint`);
  if (note === undefined) return [];
  const head = openCheckpoint(new TextDecoder().decode(note.bytes), await testNoteSigner.publicKey());
  if (head === undefined) throw new Error('the checkpoint is not signed');
  const { size } = head;
  const bundles = Array.from({ length: Math.ceil(size / 256) }, (_, index) =>
    world.logObjects.all.get(`${TENANT}/${entriesPath({ index, width: Math.min(256, size - index * 256) })}`),
  );
  const entries = bundles.flatMap((bundle) => entriesIn(bundle?.bytes ?? new Uint8Array(0)) ?? []);
  expect(entries).toHaveLength(size);
  expect(Buffer.from(rootOver(entries.map(leafHash))).equals(head.root)).toBe(true);
  return entries.map((entry) => JSON.parse(Buffer.from(entry).toString()));
}

function rootOver(hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1) {
    const next: Uint8Array[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = [level[at], level[at + 1]];
      if (left !== undefined) next.push(right === undefined ? left : nodeHash(left, right));
    }
    level = next;
  }
  return level[0] ?? new Uint8Array(0);
}

/** The checkpoint that readers see. */
export async function checkpointOf(world: LogWorld): Promise<string> {
  return new TextDecoder().decode((await world.logObjects.get(`${TENANT}/checkpoint`))?.bytes);
}

/** The world with a plug: after so many calls of its stores every call fails, before or after it was done. */
export function mortal(
  world: LogWorld,
  calls: number,
  when: 'before' | 'after',
): { deps: LogWorld; died: () => boolean } {
  let [left, dead] = [calls, false];
  const cut = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, member) {
        const value: unknown = Reflect.get(target, member, target);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          left -= 1;
          const isLast = left === 0;
          if (dead || (isLast && when === 'before')) return die();
          const answer: unknown = await Reflect.apply(value, target, given);
          return isLast ? die() : answer;
        };
      },
    });
  const die = () => {
    dead = true;
    throw new Fault('Unavailable', 'the process was killed');
  };
  const { logNews, logTree, logObjects, noteSigner, promotions, changes } = world;
  const deps = {
    ...world,
    logNews: cut(logNews),
    logTree: cut(logTree),
    logObjects: cut(logObjects),
    noteSigner: cut(noteSigner),
    promotions: cut(promotions),
    changes: cut(changes),
  };
  return { deps, died: () => dead };
}
