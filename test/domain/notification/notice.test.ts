import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../functions/domain/notification/notice.ts';
import { noticesOf } from '../../../functions/domain/notification/notice.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import { asks, bob, dev } from '../../support/promotion-facts.ts';
import { PLACES, type Place, TESTED_AND_APPROVED } from '../../support/promotions.ts';

function noticesAt(place: Place): readonly Notice[] {
  const { state, events } = promotionAfter(...PLACES[place]);
  return noticesOf(events, state);
}

const told = (notices: readonly Notice[]) =>
  notices.map(({ verb, severity, asks_approval }) => `${verb} ${severity}${asks_approval ? ' asks' : ''}`);

describe('the notices of a promotion', () => {
  it('are one for each event, in the chain’s order, under ids that never change', () => {
    const notices = noticesAt('completed');
    expect(notices.map(({ id }) => id)).toEqual(
      notices.map(({ promotion }, at) => `${promotion.id}-${at + 1}`),
    );
    expect(told(notices)).toEqual([
      'requested info',
      'assessed info asks',
      'approvalgranted info',
      'approved info',
      'executionrequested info',
      'executionstarted info',
      'completed info',
    ]);
  });

  it('carry the promotion as it is now, not as it was', () => {
    expect(new Set(noticesAt('completed').map(({ promotion }) => promotion.status))).toEqual(
      new Set(['completed']),
    );
  });

  it.each([
    ['failed', 'failed critical'],
    ['rejected', 'rejected warning'],
    ['rolled back', 'rolledback warning'],
    ['cancelled', 'cancelled info'],
    ['blocked by a gate', 'blocked warning'],
  ] as const)('end with how grave it is: %s', (place, last) => {
    expect(told(noticesAt(place)).at(-1)).toBe(last);
  });
});

describe('approval is asked for', () => {
  const asked = (notices: readonly Notice[]) =>
    notices.filter(({ asks_approval }) => asks_approval).map(({ event }) => event.event.type);

  it('when a promotion begins to wait for it, not with each approval that comes in', () => {
    const two = asks.request({ facts: { ...asks.request().facts, requirements: TWO } });
    const { state, events } = promotionAfter(two, by(bob, asks.approve()));
    expect(state.status).toBe('pending');
    expect(asked(noticesOf(events, state))).toEqual(['PromotionAssessed']);
  });

  it('not while a gate blocks, and once it passes', () => {
    expect(asked(noticesAt('blocked by a gate'))).toEqual([]);
  });

  it('again after changes were asked for and made', () => {
    const { state, events } = promotionAfter(
      ...PLACES['pending, waiting for changes'],
      by(dev, asks.resubmit()),
    );
    expect(state).toMatchObject({ status: 'pending', waiting_for: 'approval' });
    expect(asked(noticesOf(events, state))).toEqual(['PromotionAssessed', 'PromotionAssessed']);
  });

  it('of a promotion that nobody has to approve, never', () => {
    expect(asked(noticesAt('pending, its target moved'))).toEqual([]);
  });
});

const TWO = { ...TESTED_AND_APPROVED, gates: [], required_approvers: 2 };

describe('a chain with a gap', () => {
  it('is told to nobody', () => {
    const { state, events } = promotionAfter(...PLACES.completed);
    expect(() => noticesOf(events.slice(1), state)).toThrow('does not follow');
    expect(() => noticesOf([...events.slice(0, 2), ...events.slice(3)], state)).toThrow('does not follow');
  });
});
