import { describe, expect, it } from 'vitest';
import { checkpointOf } from '../../../functions/domain/audit/checkpoint.ts';
import { auditEntry, auditRecord } from '../../../functions/domain/audit/record.ts';
import { recordedChannel } from '../../../functions/domain/audit/recorded.ts';
import { channel } from '../../ports/channel-samples.ts';
import { contentOf, NOON } from '../../support/promotion-facts.ts';
import { PLACES, type Place, promotionIn } from '../../support/promotions.ts';

describe('what the record keeps', () => {
  it('of the address of a webhook is its host and a mark; of other channels all', () => {
    const hook = (url: string) =>
      channel('acme', 'chan-1', { type: 'webhook', url, secret_ref: 'sluice/acme/webhook/a' });
    const [one, other] = ['https://hooks.acme.com/t/secret', 'https://hooks.acme.com/t/other'].map((url) =>
      JSON.stringify(recordedChannel(hook(url))),
    );
    expect(one).toContain('https://hooks.acme.com/…');
    expect(one).not.toContain('secret"');
    expect(one).not.toBe(other);
    const mail = channel('acme', 'chan-2', { type: 'email', recipients: ['ops@acme.com'] });
    expect(recordedChannel(mail)).toBe(mail);
  });

  it('of chains given in any order is their checkpoint in one', () => {
    const chains = ['head/b', 'head/a', 'promotion/c', 'head/aa'].map((chain) => ({
      chain,
      length: 1,
      digest: contentOf(chain),
    }));
    const about = { tenant: 'acme', as_of: NOON, key_id: 'key-1' };
    const ordered = checkpointOf(about, chains).chains.map(({ chain }) => chain);
    expect(ordered).toEqual(['head/a', 'head/aa', 'head/b', 'promotion/c']);
    expect(checkpointOf(about, chains.toReversed())).toEqual(checkpointOf(about, chains));
  });

  it('names people by their address, and by their id who has none', () => {
    const { state } = promotionIn('completed');
    expect(auditEntry(auditRecord(state)).requested_by).toBe(state.requester.email);
    const nameless = { ...state, requester: { ...state.requester, email: '' } };
    expect(auditEntry(auditRecord(nameless)).requested_by).toBe(state.requester.subject);
  });

  it.each(Object.keys(PLACES) as Place[])('says what became of one that is %s', (place) => {
    const { state } = promotionIn(place);
    const { result } = auditRecord(state);
    const said: { readonly [status: string]: string } = {
      completed: 'SUCCESS',
      failed: 'FAILED',
      rejected: 'REJECTED',
      cancelled: 'CANCELLED',
      rolled_back: 'ROLLED_BACK',
    };
    expect(result).toBe(said[state.status] ?? 'IN_PROGRESS');
  });
});
