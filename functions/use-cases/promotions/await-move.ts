import type { Principal } from '../../domain/identity/principal.ts';
import { addDuration } from '../../domain/instant.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { readable } from '../access/readable.ts';
import type { Deps } from '../deps.ts';

/** Waits of one tenant at once: each holds a function for up to 20 s. */
export const MOST_WAITS = 20;
/** Between two polls, in milliseconds. */
const LOOK = 1_000;
/** What a place is kept beyond its wait, for the reads around it. */
const GRACE = 10;

export type AwaitMoveInput = {
  readonly principal: Principal;
  readonly id: string;
  /** 0: reads and does not wait. */
  readonly seconds: number;
  /** The version that the caller has; absent: the one that is there now. */
  readonly version?: number;
};

/** A promotion as it now is; `crowded` where nobody waited because too many of the tenant do. */
export type Moved = { readonly state: PromotionState; readonly crowded: boolean };

/**
 * Reads a promotion once it has moved past a version, at the latest after `seconds`. A closed promotion is answered at once. Looks once a
 * second, eventually consistent; what is answered is read consistently.
 */
export async function awaitMove(
  deps: Pick<Deps, 'promotions' | 'denials' | 'clock' | 'ids' | 'sleep' | 'waits'>,
  { principal, id, seconds, version }: AwaitMoveInput,
): Promise<Moved | Refusal> {
  const state = await readable(deps, principal, id);
  if (isRefusal(state)) return state;
  const seen = version ?? state.seq;
  if (seconds === 0 || state.seq !== seen || isClosed(state)) return { state, crowded: false };
  const { tenant } = principal;
  const now = deps.clock.now();
  const place = { id: deps.ids.next('wait'), until: addDuration(now, `PT${seconds + GRACE}S`) };
  if (!(await deps.waits.begin(tenant, place, now, MOST_WAITS))) return { state, crowded: true };
  try {
    const deadline = addDuration(now, `PT${seconds}S`);
    for (let polls = 0; polls < seconds && deps.clock.now() < deadline; polls += 1) {
      await deps.sleep(LOOK);
      if ((await deps.promotions.version(tenant, id)) !== seen) break;
    }
  } finally {
    await deps.waits.end(tenant, place.id);
  }
  const moved = await readable(deps, principal, id);
  return isRefusal(moved) ? moved : { state: moved, crowded: false };
}
