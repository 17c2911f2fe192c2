import { addDuration, toInstant } from '../instant.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { unreachable } from '../unreachable.ts';
import type { Command, Context } from './commands.ts';
import type { PromotionEvent } from './events.ts';
import { isClosed } from './lifetime.ts';
import { decided, notFrom } from './refusals.ts';
import type { OpenState, PromotionState, Schedule } from './state.ts';

type Answer = readonly PromotionEvent[] | Refusal;
type ScheduleCommand = Extract<Command, { readonly type: 'schedule' }>;

/** How far ahead a promotion may be scheduled. */
const FURTHEST = 'P365D';

/** Sets or moves the time of execution, before approval too: the time is kept until then. The same time again changes nothing. */
export function decideSchedule(state: PromotionState, command: ScheduleCommand, context: Context): Answer {
  const open = schedulable(state, 'schedule');
  if ('refused' in open) return open;
  const at = toInstant(command.at);
  if (at === undefined) return badTime('must be an instant such as 2026-11-21T09:00:00Z');
  if (at <= context.now) return badTime('must be in the future');
  if (at > addDuration(context.now, FURTHEST)) return badTime('must be within a year');
  if (at >= open.expires_at) return badTime(`must be before the approvals expire, ${open.expires_at}`);
  const on_missed = command.on_missed ?? open.schedule?.on_missed ?? 'execute';
  const schedule: Schedule = { at, on_missed };
  if (open.schedule?.at === at && open.schedule.on_missed === schedule.on_missed) return [];
  return [{ type: 'PromotionScheduled', ...schedule }];
}

/** Forgets the time: what is scheduled is approved and waits for a person. Without a time nothing changes. */
export function decideUnschedule(state: PromotionState): Answer {
  const open = schedulable(state, 'unschedule');
  if ('refused' in open) return open;
  return open.schedule === undefined ? [] : [{ type: 'PromotionUnscheduled' }];
}

/** The promotion, while its time may still be set: execution has neither begun nor been asked for. */
function schedulable(state: PromotionState, command: Command['type']): OpenState | Refusal {
  if (isClosed(state)) return decided(state, command);
  switch (state.status) {
    case 'pending':
    case 'blocked':
    case 'scheduled':
      return state;
    case 'approved':
      return state.execution_requested === undefined ? state : notFrom(state, command);
    case 'executing':
      return notFrom(state, command);
    default:
      return unreachable(state);
  }
}

function badTime(detail: string): Refusal {
  return refuse('invalid_request', `at ${detail}`, { field: 'at' });
}
