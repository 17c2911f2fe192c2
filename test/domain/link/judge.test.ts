import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { judgeLink } from '../../../functions/domain/link/judge.ts';
import type { ApprovalLink } from '../../../functions/domain/link/link.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import { alice, asks, contentOf, NOON } from '../../support/promotion-facts.ts';
import { type Place, promotionIn, TOMORROW } from '../../support/promotions.ts';

const waiting = promotionIn('pending, waiting for approval').state;

/** A link of alice about the promotion as it was requested, altered. */
const link = (changes: Partial<ApprovalLink> = {}): ApprovalLink => ({
  token_hash: contentOf('a token'),
  id: 'link-1',
  tenant: 'acme',
  promotion_id: waiting.id,
  manifest_digest: waiting.seal.manifest_digest,
  subject: alice.subject,
  email: alice.email,
  channel: 'email',
  created_at: NOON,
  expires_at: TOMORROW,
  ...changes,
});

describe('given a link about the manifest that its promotion waits with', () => {
  it('it opens until the millisecond in which it expires', () => {
    expect(judgeLink(link(), waiting, '2026-11-22T11:59:59.999Z')).toBeUndefined();
    expect(judgeLink(link(), waiting, TOMORROW)).toMatchObject({
      refused: 'link_expired',
      data: { expires_at: TOMORROW },
    });
  });

  it('rejects a used link, and says what it was used for', () => {
    const used = { at: NOON, decision: 'approve' } as const;
    expect(judgeLink(link({ used }), waiting, NOON)).toMatchObject({ refused: 'link_used', data: used });
    expect(judgeLink(link({ used }), waiting, TOMORROW)).toMatchObject({ refused: 'link_used' });
  });

  it('it is revoked when another manifest waits', () => {
    const older = link({ manifest_digest: contentOf('an older manifest') });
    expect(judgeLink(older, waiting, NOON)).toMatchObject({
      refused: 'link_revoked',
      data: { status: 'pending' },
    });
  });
});

describe('given a link whose promotion has gone on', () => {
  it.each<Place>([
    'pending, waiting for changes',
    'approved',
    'scheduled',
    'executing',
    'completed',
    'rejected',
  ])('it is revoked where the promotion is %s', (place) => {
    const { state } = promotionIn(place);
    const { manifest_digest } = state.seal;
    expect(judgeLink(link({ manifest_digest }), state, NOON)).toMatchObject({
      refused: 'link_revoked',
      data: { status: state.status },
    });
  });

  it('it opens where a gate blocks: people may decide before the gate does', () => {
    const { state } = promotionIn('blocked by a gate');
    const { manifest_digest } = state.seal;
    expect(judgeLink(link({ manifest_digest }), state, NOON)).toBeUndefined();
  });

  it('it has expired with the promotion that ran out, before its own time', () => {
    const { expires_at } = waiting;
    const { state } = promotionAfter(asks.request(), by(SYSTEM, asks.expire(), expires_at));
    const later = link({ expires_at: '2027-01-01T00:00:00.000Z' });
    expect(judgeLink(later, state, expires_at)).toMatchObject({ refused: 'link_expired' });
  });
});
