import type { Digest } from '../digest.ts';
import { Fault } from '../faults.ts';
import { SYSTEM } from '../identity/principal.ts';
import { NotCanonical } from '../jcs.ts';
import type { Context } from './commands.ts';
import { EVENT_VERSION, type PromotionEvent, type StoredEvent } from './events.ts';
import { eventDigest, evolve, type Requested } from './evolve.ts';
import type { PromotionState } from './state.ts';

/**
 * Numbers and chains the events of one decision, and folds them into the state. `events` may be empty where there is a state already.
 * An expiry is Sluice's own act, whoever came upon it.
 */
export function append(
  state: PromotionState | undefined,
  events: readonly PromotionEvent[],
  context: Context & { readonly guard?: number | undefined },
): { readonly state: PromotionState; readonly events: readonly StoredEvent[] } {
  let current: PromotionState | Requested | undefined = state;
  const stored: StoredEvent[] = [];
  for (const event of events) {
    const next: StoredEvent = {
      v: EVENT_VERSION,
      seq: (current?.seq ?? 0) + 1,
      at: context.now,
      actor: isExpiry(event) ? SYSTEM : context.actor,
      prev: current?.chain ?? null,
      ...(context.guard === undefined ? {} : { guard: context.guard }),
      event,
    };
    stored.push(next);
    current = evolve(current, next);
  }
  return { state: sealed(current), events: stored };
}

/** The state that a promotion's whole history gives. Throws `Corrupt` when the events do not follow one another. */
export function replay(events: readonly StoredEvent[]): PromotionState {
  const broken = verifyChain(events);
  if (broken !== undefined) throw new Fault('Corrupt', `event ${broken.seq}: ${broken.problem}`);
  let state: PromotionState | Requested | undefined;
  for (const event of events) state = evolve(state, event);
  return sealed(state);
}

/** Where a chain is broken: the number at which it first shows, and what is wrong there. */
export type BrokenChain = { readonly seq: number; readonly problem: string };

/**
 * Checks that events are numbered from 1 without a gap and each names the digest of the one before; `chain`, when given, is what the
 * last one's digest must be. `undefined` when all holds.
 */
export function verifyChain(events: readonly StoredEvent[], chain?: Digest): BrokenChain | undefined {
  let prev: Digest | null = null;
  let seq = 0;
  for (const stored of events) {
    seq += 1;
    if (stored.seq !== seq) return { seq, problem: `is numbered ${stored.seq}` };
    if (stored.v < 1 || stored.v > EVENT_VERSION)
      return { seq, problem: `has the unknown version ${stored.v}` };
    if (stored.prev !== prev) return { seq, problem: 'does not name the event before it' };
    const own = digestOf(stored);
    if (own === undefined) return { seq, problem: 'has no canonical form' };
    prev = own;
  }
  if (chain === undefined || chain === prev) return undefined;
  return { seq, problem: 'is not what the promotion names as its last event' };
}

function digestOf(stored: StoredEvent): Digest | undefined {
  try {
    return eventDigest(stored);
  } catch (problem) {
    if (problem instanceof NotCanonical) return undefined;
    throw problem;
  }
}

function isExpiry(event: PromotionEvent): boolean {
  return event.type === 'PromotionRejected' && event.closed_by === 'expiry';
}

function sealed(state: PromotionState | Requested | undefined): PromotionState {
  if (state === undefined) throw new Fault('Corrupt', 'a promotion has at least one event');
  if (state.status === 'requested') throw new Fault('Corrupt', 'a promotion is sealed when it is requested');
  return state;
}
