import { Fault } from '../../domain/faults.ts';
import type { FlagKey } from '../../domain/flags/flag-key.ts';
import {
  BEAT,
  BEAT_LOOKS,
  changeEvent,
  eventId,
  GREETING,
  KEY_POLLS,
  LIFE,
  LOOK_MS,
} from '../../domain/flags/stream-event.ts';
import { addDuration } from '../../domain/instant.ts';
import type { Head } from '../../domain/subject.ts';
import { slotIn } from '../config/slot.ts';
import type { Deps } from '../deps.ts';

export type FollowDeps = Pick<Deps, 'catalog' | 'heads' | 'clock' | 'sleep'>;

export type Following = {
  readonly tenant: string;
  readonly key: FlagKey;
  /** The environment as it was when the stream was opened, read consistently. */
  readonly head: Head;
  /** What the client heard last; absent: nothing. */
  readonly lastEventId: string | undefined;
  /** When the stream ends, at the latest. */
  readonly until: string;
};

/** When a stream that begins now ends. `random`: evenly in [0, 1). */
export function streamEnd(now: string, random: number): string {
  const seconds = Math.floor(LIFE.shortest + random * (LIFE.longest - LIFE.shortest));
  return addDuration(now, `PT${seconds}S`);
}

/**
 * What the client of a key hears: at once that flags are to be read where it has not heard of them as they are, then each change within
 * one poll, and in between that the stream lives. It polls again when the last text was taken, so that a slow reader hears the newest
 * change alone and costs nothing meanwhile. Ends when its time is over, when the key is gone, and when that could not be read for as long
 * again: the client comes back with the last id that it heard. A table that does not answer for a moment ends nothing, as all clients
 * would come back to it at once.
 */
export async function* followFlags(
  deps: FollowDeps,
  { tenant, key, head, lastEventId, until }: Following,
): AsyncGenerator<string, void> {
  yield GREETING;
  if (eventId(head) !== lastEventId) yield changeEvent(head);
  let seen = head;
  let [quiet, unsure] = [0, 0];
  while (deps.clock.now() < until) {
    await deps.sleep(LOOK_MS);
    unsure += 1;
    const poll = await pollAt(deps, { tenant, key, sure: unsure < KEY_POLLS });
    if (poll === 'gone' || (poll === 'unknown' && unsure >= 2 * KEY_POLLS)) return;
    if (poll !== 'unknown' && unsure >= KEY_POLLS) unsure = 0;
    quiet += 1;
    // What is read a moment late may be older than what was seen.
    if (typeof poll === 'object' && poll.revision > seen.revision) {
      const moved = eventId(poll) !== eventId(seen);
      seen = poll;
      if (moved) {
        quiet = 0;
        yield changeEvent(poll);
      }
    }
    if (quiet >= BEAT_LOOKS) {
      quiet = 0;
      yield BEAT;
    }
  }
}

type Looking = { readonly tenant: string; readonly key: FlagKey; readonly sure: boolean };

/** The environment as it was a moment ago; `gone` is its key, and `unknown` what the table does not tell now. */
async function pollAt(
  deps: Pick<Deps, 'catalog' | 'heads'>,
  { tenant, key, sure }: Looking,
): Promise<Head | 'gone' | 'empty' | 'unknown'> {
  try {
    if (!sure && !(await stands(deps, tenant, key))) return 'gone';
    return (await deps.heads.peek(tenant, slotIn(key.environment))) ?? 'empty';
  } catch (error) {
    if (error instanceof Fault) return 'unknown';
    throw error;
  }
}

async function stands(
  { catalog }: Pick<Deps, 'catalog'>,
  tenant: string,
  { id, secret_digest }: FlagKey,
): Promise<boolean> {
  return (await catalog.item(tenant, 'flag_key', id))?.secret_digest === secret_digest;
}
