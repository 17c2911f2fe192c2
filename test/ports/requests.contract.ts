import { describe, expect, test } from 'vitest';
import type { StoredAnswer } from '../../functions/ports/transaction.ts';
import { type Bench, everything } from './adapters.ts';
import { AT, BOT, DEV, later, promotion, promotionWrite, sha } from './samples.ts';

const COMMITTED = { committed: true };
const lost = (...indices: number[]) => ({ committed: false, lost: indices });

/** What the stores of this contract take for the time; the tests of answers move it. */
export const clock = { now: AT };

/** Answers to repeated requests, and who was told no. */
export function requestsContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Parameters<ReturnType<typeof stores>['transactions']['commit']>[1]) =>
    stores().transactions.commit(t, writes);

  describe('an answer', () => {
    const answer: StoredAnswer = {
      key: sha('key'),
      body_digest: sha('body'),
      status: 201,
      headers: { location: '/api/v1/promotions/prom-1' },
      body: '{"id":"prom-1"}',
      expires_at: later(60),
    };
    const read = (t: string, now: string) => stores().answers.read(t, answer.key, now);

    test('is kept until it expires', async () => {
      const t = tenant();
      clock.now = AT;
      expect(await read(t, AT)).toBeUndefined();
      expect(await commit(t, { write: 'answer', answer })).toEqual(COMMITTED);
      expect(await read(t, later(59.999))).toEqual(answer);
      expect(await read(t, later(60))).toBeUndefined();
    });

    test('holds its key while it lives, and only so long', async () => {
      const t = tenant();
      clock.now = AT;
      await commit(t, { write: 'answer', answer });
      const second = { ...answer, status: 409, expires_at: later(200) };
      expect(await commit(t, { write: 'answer', answer: second })).toEqual(lost(0));
      clock.now = later(59);
      expect(await commit(t, { write: 'answer', answer: second })).toEqual(lost(0));
      clock.now = later(60);
      expect(await commit(t, { write: 'answer', answer: second })).toEqual(COMMITTED);
      expect(await read(t, later(61))).toEqual(second);
    });

    test('lets two requests with one key make one promotion', async () => {
      const t = tenant();
      clock.now = AT;
      const request = (id: string) =>
        commit(t, promotionWrite(promotion(t, id, 1), 0), { write: 'answer', answer });
      const results = await Promise.all(['a', 'b', 'c'].map(request));
      expect(results.filter(({ committed }) => committed)).toHaveLength(1);
      expect((await stores().promotions.list(t, {}, { limit: 10 })).items).toHaveLength(1);
    });
  });

  describe('a denial', () => {
    test('is kept once per actor, action and minute', async () => {
      const t = tenant();
      const denial = { tenant: t, at: AT, actor: DEV, code: 'not_authorized', action: 'approve' } as const;
      await stores().denials.record(denial);
      await stores().denials.record({ ...denial, at: later(59), promotion_id: 'prom-2' });
      await stores().denials.record({ ...denial, action: 'reject', promotion_id: 'prom-1' });
      await stores().denials.record({ ...denial, actor: BOT });
      await stores().denials.record({ ...denial, at: later(60) });
      const listed = await everything((page) => stores().denials.list(t, page), 2);
      expect(listed).toHaveLength(4);
      expect(listed[0]).toEqual({ ...denial, at: later(60) });
      expect(listed).toContainEqual({ ...denial, action: 'reject', promotion_id: 'prom-1' });
      expect(listed).toContainEqual(denial);
      expect(await stores().denials.list(tenant(), { limit: 5 })).toEqual({ items: [] });
    });
  });
}
