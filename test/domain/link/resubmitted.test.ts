import { expect, it } from 'vitest';
import { judgeLink } from '../../../functions/domain/link/judge.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import { alice, asks, contentOf, dev, NOON } from '../../support/promotion-facts.ts';

it('a link from before a resubmission opens nothing, though the content is the same', () => {
  const later = '2026-11-21T13:00:00.000Z';
  const { state } = promotionAfter(
    asks.request(),
    by(alice, asks.requestChanges()),
    by(dev, asks.resubmit(), later),
  );
  const link = {
    token_hash: contentOf('a token'),
    id: 'link-1',
    tenant: 'acme',
    promotion_id: state.id,
    manifest_digest: state.seal.manifest_digest,
    subject: alice.subject,
    email: alice.email,
    channel: 'email',
    created_at: NOON,
    expires_at: state.expires_at,
  } as const;
  expect(judgeLink(link, state, later)).toMatchObject({ refused: 'link_revoked' });
  expect(judgeLink({ ...link, created_at: later }, state, later)).toBeUndefined();
});
