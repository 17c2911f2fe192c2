import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import type { PromotionEvent, StoredEvent } from '../../../functions/domain/promotion/events.ts';
import { eventDigest, evolve } from '../../../functions/domain/promotion/evolve.ts';
import { append, replay, verifyChain } from '../../../functions/domain/promotion/history.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import { alice, asks } from '../../support/promotion-facts.ts';
import { PLACES, type Place, promotionIn } from '../../support/promotions.ts';

const places = Object.keys(PLACES).filter((place): place is Place => place in PLACES);
const { events, state } = promotionIn('completed');

describe('a chain of events', () => {
  it('is numbered from 1, each naming the digest of the one before, the state the last', () => {
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.prev).toBeNull();
    for (const [index, event] of events.entries()) {
      if (index > 0) expect(event.prev).toBe(digestAt(index - 1));
    }
    expect(state.chain).toBe(digestAt(events.length - 1));
    expect(state.seq).toBe(events.length);
  });

  it('holds as it is', () => {
    expect(verifyChain(events, state.chain)).toBeUndefined();
    expect(verifyChain([])).toBeUndefined();
  });

  it('names the first event after any changed one', () => {
    for (const index of events.keys()) {
      const forged = events.map((event, at) => (at === index ? { ...event, actor: alice } : event));
      const changed = events[index]?.actor.subject !== alice.subject;
      const broken = verifyChain(forged, state.chain);
      expect(broken === undefined).toBe(!changed);
      if (changed) expect(broken?.seq).toBe(Math.min(index + 2, events.length));
    }
  });

  it('shows a missing, a doubled and a swapped event', () => {
    const [first, second, ...rest] = events;
    if (first === undefined || second === undefined) throw new Error('too short');
    expect(verifyChain([first, ...rest])?.seq).toBe(2);
    expect(verifyChain([first, first, second, ...rest])?.seq).toBe(2);
    expect(verifyChain([second, first, ...rest])?.seq).toBe(1);
  });

  it('shows a number that is not the next one, of the last event too', () => {
    const renumbered = events.map((event, at) =>
      at === events.length - 1 ? { ...event, seq: event.seq + 1 } : event,
    );
    const problem = `is numbered ${events.length + 1}`;
    expect(verifyChain(renumbered)).toEqual({ seq: events.length, problem });
  });

  it('shows a missing end only to who knows the state', () => {
    const short = events.slice(0, -1);
    expect(verifyChain(short)).toBeUndefined();
    expect(verifyChain(short, state.chain)?.problem).toMatch(/last event/);
  });

  it('shows events of an unknown version and without a canonical form', () => {
    const [first] = events;
    if (first === undefined) throw new Error('too short');
    expect(verifyChain([{ ...first, v: 2 }])?.problem).toMatch(/version/);
    expect(verifyChain([{ ...first, at: '\ud800' }])?.problem).toMatch(/canonical/);
  });
});

describe('replaying', () => {
  it.each(places)('gives the stored state of a promotion %s', (place) => {
    const history = promotionIn(place);
    expect(replay(history.events)).toEqual(history.state);
  });

  it('gives it after a trip through JSON too', () => {
    expect(replay(JSON.parse(JSON.stringify(events)))).toEqual(state);
  });

  it('is refused for a broken chain, and for a history that ends before it is sealed', () => {
    expect(() => replay(events.slice(1))).toThrow(Fault);
    expect(() => replay([])).toThrow(/at least one event/);
    expect(() => replay(events.slice(0, 1))).toThrow(/sealed/);
  });
});

describe('appending', () => {
  it('says who did it, but for an expiry, which is nobody’s doing', () => {
    const waiting = promotionIn('approved').state;
    const expiry: PromotionEvent = { type: 'PromotionRejected', closed_by: 'expiry', reason: 'too late' };
    const appended = append(waiting, [expiry], { actor: alice, now: waiting.expires_at });
    expect(appended.events[0]?.actor).toEqual(SYSTEM);
    expect(appended.state).toMatchObject({ status: 'rejected', rejected_by: SYSTEM });
  });

  it('nothing leaves the state', () => {
    expect(append(state, [], { actor: alice, now: state.expires_at })).toEqual({ state, events: [] });
    expect(() => append(undefined, [], { actor: alice, now: '' })).toThrow(Fault);
  });
});

describe('evolve', () => {
  const every = new Map<string, PromotionEvent>();
  for (const place of places) {
    for (const { event } of promotionIn(place).events) every.set(event.type, event);
  }
  for (const { event } of promotionAfter(
    asks.request(),
    asks.schedule('2026-11-22T12:00:00.000Z'),
    asks.unschedule(),
    by(alice, asks.requestChanges()),
    asks.resubmit(),
    asks.attachEvidence(),
  ).events) {
    every.set(event.type, event);
  }

  it('these specifications know every type of event', () => {
    expect(every.size).toBe(23);
  });

  it('is total: on every status every event leads somewhere, or is said to be out of place', () => {
    for (const place of places) {
      const before = promotionIn(place).state;
      for (const event of every.values()) {
        const stored = storedAfter(before, event);
        try {
          const after = evolve(before, stored);
          expect(after).toMatchObject({ seq: stored.seq, chain: eventDigest(stored), id: before.id });
        } catch (problem) {
          expect(problem).toBeInstanceOf(Fault);
          expect(problem).toMatchObject({ name: 'Corrupt' });
        }
      }
    }
  });

  it('changes nothing it was given', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...every.values()), (place, event) => {
        const before = promotionIn(place).state;
        const copy = structuredClone(before);
        try {
          evolve(before, storedAfter(before, event));
        } catch (problem) {
          expect(problem).toBeInstanceOf(Fault);
        }
        expect(before).toEqual(copy);
      }),
    );
  });
});

function storedAfter(before: PromotionState, event: PromotionEvent): StoredEvent {
  const { seq, chain, requested_at } = before;
  return { v: 1, seq: seq + 1, at: requested_at, actor: alice, prev: chain, event };
}

function digestAt(index: number) {
  const event = events[index];
  return event === undefined ? undefined : eventDigest(event);
}
