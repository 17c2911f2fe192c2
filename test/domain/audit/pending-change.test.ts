import { describe, expect, it } from 'vitest';
import { isCovered, isOver, unconfirmed } from '../../../functions/domain/audit/pending-change.ts';
import type { Weakening } from '../../../functions/domain/policy/weakening/weakening.ts';
import { alice, bob, dev } from '../../support/promotion-facts.ts';

const asked_at = '2026-11-22T10:00:00.000Z';
const pending = {
  id: 'change-1',
  asked_by: alice,
  created_at: asked_at,
  expires_at: '2026-11-29T10:00:00.000Z',
} as const;
const since = '2026-11-22T09:00:00.000Z';
const ripe = '2026-11-23T09:00:00.000Z';
const why = (now: string, actor = bob, admin: string | undefined = since) =>
  unconfirmed(pending, actor, admin === undefined ? undefined : { actor, since: admin }, now);

describe('a change that a second admin must confirm', () => {
  it('is confirmed by another who was admin before it, for 24 hours', () => {
    expect(why(ripe)).toBeUndefined();
    expect(why('2026-11-23T08:59:59.999Z')).toMatchObject({
      refused: 'conflict',
      data: { since, from: ripe },
    });
  });

  it('is not confirmed by who became admin at the moment it was asked for, or later', () => {
    expect(why('2026-11-28T10:00:00.000Z', bob, asked_at)).toMatchObject({ data: { since: asked_at } });
    expect(why('2026-11-28T10:00:00.000Z', bob, '2026-11-22T09:59:59.999Z')).toBeUndefined();
  });

  it('is not confirmed by who asked for it, nor by who is no admin', () => {
    expect(why(ripe, alice)).toMatchObject({ refused: 'separation_of_duties' });
    expect(unconfirmed(pending, dev, undefined, ripe)).toMatchObject({ refused: 'conflict' });
  });

  it('is over when it expires, for everybody', () => {
    expect(isOver(pending, '2026-11-29T09:59:59.999Z')).toBe(false);
    expect(isOver(pending, pending.expires_at)).toBe(true);
    expect(why(pending.expires_at)).toMatchObject({ refused: 'expired' });
  });

  it('covers what it names, in the same environment', () => {
    const weakening: Weakening = { environment: 'production', what: 'required_approvers', kinds: ['config'] };
    const asked = { weakens: [weakening] };
    const of = (more: Partial<Weakening>): readonly Weakening[] => [{ ...weakening, ...more }];
    expect(isCovered(of({}), asked)).toBe(true);
    expect(isCovered([], asked)).toBe(true);
    expect(isCovered(of({ environment: 'staging' }), asked)).toBe(false);
    expect(isCovered(of({ what: 'protected' }), asked)).toBe(false);
    expect(isCovered(of({ kinds: ['config', 'agent'] }), asked)).toBe(false);
  });
});
