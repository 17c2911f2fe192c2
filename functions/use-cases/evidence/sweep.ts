import type { WatchListRef } from '../../ports/evidence-store.ts';
import type { Deps } from '../deps.ts';
import { inTurn } from '../in-turn.ts';
import { type TellDeps, tellWaiting } from './tell-waiting.ts';

/** What one run did; a watch list that could not be attended to stops no other. */
export type SweptWatchLists = {
  readonly attended: number;
  readonly faults: readonly { readonly ref: WatchListRef; readonly error: unknown }[];
};

/**
 * Tells who waits for reports whose taker did not come so far. At most `most` watch lists; the next run goes on where this one stopped,
 * so that those which always fail hide no other.
 */
export async function sweepWatchLists(
  deps: TellDeps & Pick<Deps, 'cursors'>,
  { most }: { readonly most: number },
): Promise<SweptWatchLists> {
  const refs = inTurn(deps.cursors, 'sweep.watch-lists', (page) => deps.evidence.withWork(page));
  const faults: { ref: WatchListRef; error: unknown }[] = [];
  let attended = 0;
  for (; attended < most; attended += 1) {
    const ref = await refs.next();
    if (ref === undefined) break;
    try {
      await tellWaiting(deps, ref);
    } catch (error) {
      faults.push({ ref, error });
    }
  }
  await refs.stop();
  return { attended, faults };
}
