import { type Refusal, type RefusalCode, refuse } from '../refusal.ts';
import type { AssessmentFacts, ExecutionFacts } from './commands.ts';
import type { PromotionState } from './state.ts';

/** Something outside the promotion that keeps it from executing now; its code is what it is refused and blocked with. */
export type Stop = { readonly code: RefusalCode; readonly refusal: Refusal };

/**
 * What stops a promotion now: a lock, a freeze (a rollback goes on through one), another promotion that holds the head. First the one
 * to be named.
 */
export function stopsOf(
  state: Pick<PromotionState, 'id' | 'type' | 'target_environment'>,
  facts: Pick<AssessmentFacts, 'lock' | 'freeze' | 'claim'> & Partial<Pick<ExecutionFacts, 'head'>>,
): readonly Stop[] {
  const { lock, freeze, claim = facts.head?.claim } = facts;
  const stops: Stop[] = [];
  if (lock !== undefined)
    stops.push({ code: 'locked', refusal: refuseLocked(state.target_environment, lock) });
  if (freeze !== undefined && state.type !== 'rollback') {
    const { reason, ends_at } = freeze;
    const until = ends_at === undefined ? '' : ` until ${ends_at}`;
    const detail = `${state.target_environment} is frozen${until}: ${reason}`;
    stops.push(stop('frozen', detail, { reason, ends_at: ends_at ?? null }));
  }
  if (claim !== undefined && claim.promotion !== state.id) {
    const detail = 'another promotion is changing the target now';
    stops.push(stop('target_moved', detail, { held_by: claim.promotion }));
  }
  return stops;
}

/** The refusal of whatever a lock stops in an environment. */
export function refuseLocked(environment: string, lock: NonNullable<AssessmentFacts['lock']>): Refusal {
  const { reason, by, at, scope } = lock;
  const where = scope === 'tenant' ? 'everything' : environment;
  return refuse('locked', `${where} is locked: ${reason}`, { reason, by, at, scope });
}

function stop(code: RefusalCode, detail: string, data: Refusal['data']): Stop {
  return { code, refusal: refuse(code, detail, data) };
}
