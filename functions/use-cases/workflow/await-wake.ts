import { addDuration } from '../../domain/instant.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { PromotionRef, TaskToken } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import { nextOf } from '../engine/dispatch-outbox.ts';
import type { KindDeps } from '../kinds/kind.ts';

/** Days of an attempt: with the 300 of one wait it stays within the year that an execution lives. */
const DAYS_PER_ATTEMPT = 60;
/** Events of a promotion in one attempt: each waking follows at least one, so 1,000 wakings stay below 25,000 history events. */
const EVENTS_PER_ATTEMPT = 1_000;

export type AwaitDeps = KindDeps & Pick<Deps, 'tokens' | 'workflow' | 'workflowRecords' | 'clock'>;

/**
 * The step Await: stores its token, then reads the promotion, so that whoever commits later finds the token and whoever committed
 * before is seen here. With something to do it answers itself: to assess again only what has changed since Assess saw version `seen`, since
 * Assess has found the rest to wait. An execution that has lived long ends instead, and is due at once:
 * the sweep then begins the next attempt.
 */
export async function awaitWake(
  deps: AwaitDeps,
  ref: PromotionRef,
  token: TaskToken,
  seen?: number,
): Promise<void> {
  const kept = await deps.tokens.put(ref, token);
  const stored = await deps.promotions.read(ref.tenant, ref.id);
  if (stored === undefined) return;
  const { state, workflowRecord } = stored;
  // A newer attempt waits, or is about to: this one is over.
  if (!kept || workflowRecord.attempt > token.attempt) return await answer(deps, ref, token, 'done');
  const next = await nextOf(deps, state);
  const changed = seen !== undefined && state.seq > seen;
  if (next !== 'await' && (next !== 'assess' || changed)) return await answer(deps, ref, token, next);
  const now = deps.clock.now();
  if (!isWorn(state, workflowRecord.attempt, now)) return;
  await deps.workflowRecords.postpone(ref, state.seq, now);
  await answer(deps, ref, token, 'done');
}

function isWorn({ requested_at, seq }: PromotionState, attempt: number, now: string): boolean {
  const last = addDuration(requested_at, `P${attempt * DAYS_PER_ATTEMPT}D`);
  return last <= now || seq >= attempt * EVENTS_PER_ATTEMPT;
}

async function answer(
  deps: Pick<Deps, 'workflow'>,
  ref: PromotionRef,
  { token }: TaskToken,
  next: Parameters<Deps['workflow']['wake']>[2],
): Promise<void> {
  await deps.workflow.wake(token, ref, next);
}
