import { expect } from 'vitest';
import type { Actor } from '../../functions/domain/identity/principal.ts';
import type { Command } from '../../functions/domain/promotion/commands.ts';
import { decide } from '../../functions/domain/promotion/decider.ts';
import type { PromotionEvent, StoredEvent } from '../../functions/domain/promotion/events.ts';
import { append } from '../../functions/domain/promotion/history.ts';
import type { PromotionState } from '../../functions/domain/promotion/state.ts';
import { isRefusal, type Refusal, type RefusalCode } from '../../functions/domain/refusal.ts';
import { dev, NOON } from './promotion-facts.ts';

/** A command, who gives it and when; by default the requester, at noon. */
export type Step = { readonly command: Command; readonly actor: Actor; readonly now: string };

export function by(actor: Actor, command: Command, now = NOON): Step {
  return { command, actor, now };
}

const stepOf = (step: Step | Command): Step => ('command' in step ? step : by(dev, step));

export type History = { readonly state: PromotionState; readonly events: readonly StoredEvent[] };

/** The promotion that some commands lead to. Every one of them must be accepted and change something. */
export function promotionAfter(...steps: readonly (Step | Command)[]): History {
  let history: { readonly state?: PromotionState; readonly events: readonly StoredEvent[] } = { events: [] };
  for (const step of steps.map(stepOf)) {
    const { command, actor, now } = step;
    const answer = decide(history.state, command, { actor, now });
    if (isRefusal(answer)) throw new Error(`${command.type}: ${answer.refused}, ${answer.detail}`);
    if (answer.length === 0) throw new Error(`${command.type} changed nothing`);
    const { state, events } = append(history.state, answer, { actor, now });
    history = { state, events: [...history.events, ...events] };
  }
  if (history.state === undefined) throw new Error('no command was given');
  return { state: history.state, events: history.events };
}

/** Given a promotion that these commands led to, when another one comes, then … */
export function given(...steps: readonly (Step | Command)[]) {
  const before = steps.length === 0 ? undefined : promotionAfter(...steps).state;
  return {
    when(step: Step | Command) {
      const { command, actor, now } = stepOf(step);
      const answer = decide(before, command, { actor, now });
      return {
        /** Exactly these events, by name, and the state they lead to. */
        thenEvents(...names: readonly PromotionEvent['type'][]): Outcome {
          expect(isRefusal(answer) ? answer : answer.map(({ type }) => type)).toEqual(names);
          if (isRefusal(answer)) throw new Error('unreachable: the expectation above has failed');
          const { state } = append(before, answer, { actor, now });
          return { state, events: answer };
        },
        thenNothing(): void {
          expect(answer).toEqual([]);
        },
        thenRefused(code: RefusalCode): Refusal {
          expect(isRefusal(answer) ? answer.refused : answer.map(({ type }) => type)).toBe(code);
          if (!isRefusal(answer)) throw new Error('unreachable: the expectation above has failed');
          return answer;
        },
      };
    },
  };
}

export type Outcome = { readonly state: PromotionState; readonly events: readonly PromotionEvent[] };

/** The event of a type among some; fails when there is none. */
export function eventOf<T extends PromotionEvent['type']>(
  events: readonly PromotionEvent[],
  type: T,
): Extract<PromotionEvent, { readonly type: T }> {
  const found = events.find(
    (event): event is Extract<PromotionEvent, { readonly type: T }> => event.type === type,
  );
  if (found === undefined)
    throw new Error(`no ${type} among ${events.map((event) => event.type).join(', ')}`);
  return found;
}
