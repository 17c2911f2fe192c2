import { describe, expect, it } from 'vitest';
import { takingPart } from '../../../functions/domain/promotion/taking-part.ts';
import { by, promotionAfter, type Step } from '../../support/decider-specification.ts';
import { alice, asks, bob, contentOf, dev, planOn } from '../../support/promotion-facts.ts';

/** Who takes part by the events since a number of them, by their names. */
const since = (seq: number, ...steps: readonly Step[]) => {
  const { state, events } = promotionAfter(...steps);
  const { requesters, others } = takingPart(
    state,
    events.filter((each) => each.seq > seq),
  );
  const names = (actors: typeof others) => actors.map(({ email }) => email.split('@')[0]);
  return { requesters: names(requesters), others: names(others) };
};
const seqAfter = (...steps: readonly Step[]) => promotionAfter(...steps).events.at(-1)?.seq ?? 0;

/** Other content than was asked for at first: who brings it is one more requester. */
const OTHER = { plan: planOn(null, 0, contentOf('other')) };

const requested = by(dev, asks.request());
const approved = [requested, by(alice, asks.approve())] as const;
const running = [...approved, by(bob, asks.requestExecution()), by(bob, asks.startExecution())] as const;

describe('who takes part in a promotion', () => {
  it('is who asked, from its beginning on', () => {
    expect(since(0, requested)).toEqual({ requesters: ['dev'], others: [] });
    expect(since(0, ...approved)).toEqual({ requesters: ['dev'], others: ['alice'] });
  });

  it('is who approved, since then only who did after', () => {
    expect(since(seqAfter(requested), ...approved)).toEqual({ requesters: [], others: ['alice'] });
    expect(since(seqAfter(...approved), ...running)).toEqual({ requesters: [], others: ['bob'] });
  });

  it('is who executes, once, and nobody again who approved before', () => {
    expect(since(0, ...running)).toEqual({ requesters: ['dev'], others: ['alice', 'bob'] });
    const both = [...approved, by(alice, asks.requestExecution()), by(alice, asks.startExecution())] as const;
    expect(since(seqAfter(...approved), ...both)).toEqual({ requesters: [], others: [] });
  });

  it('is no other part for who asked', () => {
    const own = [...approved, by(dev, asks.requestExecution()), by(dev, asks.startExecution())] as const;
    expect(since(seqAfter(...approved), ...own)).toEqual({ requesters: [], others: [] });
  });

  it.each([
    ['rejected', by(alice, asks.reject())],
    ['cancelled', by(alice, asks.cancel())],
    ['asked for changes', by(alice, asks.requestChanges())],
  ])('is who %s', (_, step) => {
    expect(since(seqAfter(requested), requested, step)).toEqual({ requesters: [], others: ['alice'] });
  });

  it('is who submitted it again as one more requester, who then is no other', () => {
    const again = [requested, by(alice, asks.requestChanges()), by(bob, asks.resubmit(OTHER))] as const;
    expect(since(seqAfter(requested, again[1]), ...again)).toEqual({ requesters: ['bob'], others: [] });
    expect(since(0, ...again)).toEqual({ requesters: ['dev', 'bob'], others: ['alice'] });
    expect(since(seqAfter(...again), ...again)).toEqual({ requesters: [], others: [] });
  });
});
