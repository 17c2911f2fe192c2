import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorize } from '../access/authorize.ts';
import { readable } from '../access/readable.ts';
import type { TakingBack } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import type { CreateDeps } from '../promotions/create.ts';
import { type AskedRollback, type RolledBack, requestJudged } from './judged.ts';

export type RollBackPromotionInput = AskedRollback & Omit<TakingBack, 'notes'> & { readonly id: string };

/**
 * Requests that a completed promotion of any kind is taken back, or that its slot goes back to a revision by number. Refuses
 * `not_authorized`; `invalid_transition` on what did not run, on a rollback, and to revert what was replaced since; what its kind cannot
 * go back to; `locked`; and `risk_not_acknowledged`.
 */
export async function rollBackPromotion(
  deps: CreateDeps,
  input: RollBackPromotionInput,
): Promise<RolledBack | Refusal> {
  const { principal, id, reason, mode, to_revision, sync_registries } = input;
  const original = await readable(deps, principal, id);
  if (isRefusal(original)) return original;
  const { request, target_environment } = original;
  const denied = await authorize(deps, principal, 'roll_back', target_environment);
  if (denied !== undefined) return denied;
  const asked = {
    mode,
    ...(reason === undefined ? {} : { notes: reason }),
    ...(to_revision === undefined ? {} : { to_revision }),
    ...(sync_registries === undefined ? {} : { sync_registries }),
  };
  const back =
    cannotGoBack(original, asked) ?? (await kindOf(request).back(deps, original, asked, deps.clock.now()));
  return await requestJudged(deps, back, kindOf(request).slot(original), input);
}

/** A revision may be asked for by any promotion that ran in the slot; without one, only a promotion that stands is taken back. */
function cannotGoBack(
  { id, type, status, subject: { kind } }: PromotionState,
  { mode, to_revision }: TakingBack,
): Refusal | undefined {
  const no = (detail: string) => refuse('invalid_transition', detail, { status, kind });
  if (to_revision === undefined) {
    if (status === 'completed' && type === 'promotion') return undefined;
    return no(
      `${id} is a ${status} ${type}: only a completed promotion is rolled back; to_revision takes the environment to any revision`,
    );
  }
  if (mode === 'revert') return no('a revert undoes one promotion: only a restore takes to_revision');
  if (status === 'completed' || status === 'rolled_back') return undefined;
  return no(`${id} is ${status}: name a promotion that was completed`);
}
