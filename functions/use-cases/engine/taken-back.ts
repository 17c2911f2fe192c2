import type { Context } from '../../domain/promotion/commands.ts';
import type { InStatus, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { recordAfter } from './intent.ts';
import { step } from './run-command.ts';
import { RACE_LOST } from './until-committed.ts';

/** What a rollback writes in its own completing commit beside the head: the promotions that it takes back. */
export async function takenBack(
  deps: Pick<Deps, 'promotions'>,
  { tenant, id }: PromotionState,
  undoes: readonly InStatus<'completed'>[],
  context: Context,
): Promise<readonly Write[] | typeof RACE_LOST> {
  const writes: Write[] = [];
  for (const undone of undoes) {
    const stored = await deps.promotions.read(tenant, undone.id);
    if (stored === undefined || stored.state.status === 'rolled_back') continue;
    const change = step(stored.state, { type: 'roll_back', by: id }, context);
    if (change === undefined || isRefusal(change)) return RACE_LOST;
    const workflowRecord = recordAfter(stored.workflowRecord, stored.state, change.state, 'step');
    const { state, events } = change;
    writes.push({ write: 'promotion', state, workflowRecord, events, expected: stored.state.seq });
  }
  return writes;
}

/** What a completion writes of the hold on rules: a rollback sets it, and what a person asked for lifts it once it is there. */
export async function holdAfter(
  { promotions }: Pick<Deps, 'promotions'>,
  { tenant, type, subject, requester, rule_id, target_environment: target }: PromotionState,
): Promise<readonly Write[]> {
  if (type === 'rollback') return [{ write: 'hold', subject, target, held: true }];
  if (requester.kind !== 'person' || rule_id !== undefined) return [];
  const hold = await promotions.onHold(tenant, subject, target);
  return hold === undefined ? [] : [{ write: 'hold', subject, target, held: false }];
}
