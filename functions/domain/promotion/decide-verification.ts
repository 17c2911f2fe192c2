import type { Refusal } from '../refusal.ts';
import type { Command, Context } from './commands.ts';
import type { PromotionEvent } from './events.ts';
import { isClosed } from './lifetime.ts';
import { decided, notFrom } from './refusals.ts';
import type { PromotionState } from './state.ts';
import { isToBeRolledBack, verdictOn } from './verification.ts';

type Answer = readonly PromotionEvent[] | Refusal;
type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;

/** Once, and only what is completed: a report that comes after the verification is decided changes nothing. */
export function decideVerify(
  state: PromotionState,
  { type, evidence }: CommandOf<'verify'>,
  { now }: Context,
): Answer {
  if (state.status !== 'completed') return isClosed(state) ? decided(state, type) : notFrom(state, type);
  const verified = verdictOn(state, evidence, now);
  return verified === undefined ? [] : [{ type: 'VerificationDecided', ...verified }];
}

/** A failed verification is followed once, where its terms say so; a rollback never is. */
export function decideFollowing(
  state: PromotionState,
  command: CommandOf<'begin_rollback' | 'decline_rollback'>,
): Answer {
  if (!isClosed(state)) return notFrom(state, command.type);
  if (state.status !== 'completed' || !isToBeRolledBack(state)) return decided(state, command.type);
  return command.type === 'begin_rollback'
    ? [{ type: 'RollbackBegun', promotion_id: command.promotion_id }]
    : [{ type: 'RollbackDeclined', reason_code: command.reason_code }];
}
