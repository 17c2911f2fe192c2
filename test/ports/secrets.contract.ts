import { describe, expect, test } from 'vitest';
import type { ApprovalLink } from '../../functions/domain/link/link.ts';
import type { Bench } from './adapters.ts';
import { AT, later, promotion, promotionWrite, sha } from './samples.ts';

/** What bearer secrets open: sessions and approval links. */
export function secretsContract({ stores, tenant }: Bench): void {
  describe('a session', () => {
    const session = (t: string) => ({
      token_hash: sha(`session of ${t}`),
      subject: 'alice',
      created_at: AT,
      expires_at: later(60),
    });

    test('is found until it expires', async () => {
      const one = session(tenant());
      expect(await stores().sessions.find(one.token_hash, AT)).toBeUndefined();
      await stores().sessions.open(one);
      expect(await stores().sessions.find(one.token_hash, later(59.999))).toEqual(one);
      expect(await stores().sessions.find(one.token_hash, later(60))).toBeUndefined();
    });

    test('is over once it is closed, and closing it again is nothing', async () => {
      const one = session(tenant());
      await stores().sessions.open(one);
      await stores().sessions.close(one.token_hash);
      expect(await stores().sessions.find(one.token_hash, AT)).toBeUndefined();
      await stores().sessions.close(one.token_hash);
    });
  });

  describe('an approval link', () => {
    const linkOf = (t: string): ApprovalLink => ({
      token_hash: sha(`link of ${t}`),
      id: 'link-1',
      tenant: t,
      promotion_id: 'prom-1',
      manifest_digest: sha('manifest'),
      subject: 'alice',
      email: 'alice@acme.com',
      channel: 'email',
      created_at: AT,
      expires_at: later(60),
    });
    const use = { at: AT, decision: 'approve' } as const;
    const used = ({ token_hash }: ApprovalLink) => ({ write: 'link_use', token_hash, use }) as const;

    test('is found by the digest of its token alone, also when it has expired', async () => {
      const link = linkOf(tenant());
      expect(await stores().links.find(link.token_hash)).toBeUndefined();
      await stores().links.keep(link);
      expect(await stores().links.find(link.token_hash)).toEqual(link);
      expect(await stores().links.find(sha('another'))).toBeUndefined();
    });

    test('is used once, with the commit that uses it or not at all', async () => {
      const t = tenant();
      const link = linkOf(t);
      await stores().links.keep(link);
      const commit = (...writes: Parameters<ReturnType<typeof stores>['transactions']['commit']>[1]) =>
        stores().transactions.commit(t, writes);
      const stale = promotionWrite(promotion(t, 'prom-1', 5), 4);
      expect(await commit(stale, used(link))).toEqual({ committed: false, lost: [0] });
      expect(await stores().links.find(link.token_hash)).toEqual(link);
      const results = await Promise.all(Array.from({ length: 10 }, () => commit(used(link))));
      expect(results.filter(({ committed }) => committed)).toHaveLength(1);
      expect(await stores().links.find(link.token_hash)).toEqual({ ...link, used: use });
      expect(await commit(promotionWrite(promotion(t, 'prom-1', 1), 0), used(link))).toEqual({
        committed: false,
        lost: [1],
      });
      expect(await stores().promotions.read(t, 'prom-1')).toBeUndefined();
    });

    test('that is not there cannot be used, nor made by that', async () => {
      const t = tenant();
      const link = linkOf(t);
      expect(await stores().transactions.commit(t, [used(link)])).toEqual({ committed: false, lost: [0] });
      expect(await stores().links.find(link.token_hash)).toBeUndefined();
    });
  });
}
