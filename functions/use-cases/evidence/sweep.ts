import type { WatchListRef } from '../../ports/evidence-store.ts';
import { type TellDeps, tellWaiting } from './tell-waiting.ts';

/** What one run did; a watch list that could not be attended to stops no other. */
export type SweptWatchLists = {
  readonly attended: number;
  readonly faults: readonly { readonly ref: WatchListRef; readonly error: unknown }[];
};

/** Tells who waits for reports whose taker did not come so far. At most `most` (1 to 100) watch lists; the next run goes on. */
export async function sweepWatchLists(
  deps: TellDeps,
  { most }: { readonly most: number },
): Promise<SweptWatchLists> {
  const { items } = await deps.evidence.withWork({ limit: most });
  const faults: { ref: WatchListRef; error: unknown }[] = [];
  for (const ref of items) {
    try {
      await tellWaiting(deps, ref);
    } catch (error) {
      faults.push({ ref, error });
    }
  }
  return { attended: items.length, faults };
}
