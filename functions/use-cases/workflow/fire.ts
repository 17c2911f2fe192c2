import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { CommandDeps } from '../engine/run-command.ts';
import { type Due, fallDue } from './due.ts';

/** `early`: the time was moved since, and the timer with it. */
export type Fired = Due | 'early' | 'unknown';

/**
 * A timer has called: what is due now is done, whatever the timer was set for. One that came before the time now set sets itself
 * anew, since it may be the only one: two people who move a time at once can leave the older timer standing.
 */
export async function fire(deps: CommandDeps, ref: PromotionRef): Promise<Fired> {
  const stored = await deps.promotions.read(ref.tenant, ref.id);
  if (stored === undefined) return 'unknown';
  const { state } = stored;
  const due = await fallDue(deps, state);
  if (due !== 'idle' || state.status !== 'scheduled') return due;
  await deps.scheduler.put(ref, state.schedule.at);
  return 'early';
}
