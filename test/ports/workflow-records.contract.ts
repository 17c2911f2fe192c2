import { describe, expect, test } from 'vitest';
import type { PromotionRef } from '../../functions/ports/promotion-store.ts';
import { type Bench, everything } from './adapters.ts';
import { AT, IDLE, later, promotion, promotionWrite } from './samples.ts';

/** What drives promotions changes beside their version, and never goes backwards. */
export function workflowRecordsContract({ stores, tenant }: Bench): void {
  const records = () => stores().workflowRecords;
  const recordOf = async (ref: PromotionRef) =>
    (await stores().promotions.read(ref.tenant, ref.id))?.workflowRecord;

  async function made(work: Partial<typeof IDLE> = {}, id = 'prom-1', requested = 0): Promise<PromotionRef> {
    const t = tenant();
    const state = promotion(t, id, 3, { requested_at: later(requested) });
    await stores().transactions.commit(t, [promotionWrite(state, 0, { ...IDLE, ...work })]);
    return { tenant: t, id };
  }

  /** Others use the same table: only our own are looked at. */
  async function working(...own: PromotionRef[]): Promise<string[]> {
    const tenants = new Set(own.map((ref) => ref.tenant));
    const all = await everything((page) => records().withWork(page), 3);
    return all.filter((ref) => tenants.has(ref.tenant)).map((ref) => ref.tenant);
  }

  async function dueAt(now: string, ...own: PromotionRef[]): Promise<string[]> {
    const tenants = new Set(own.map((ref) => ref.tenant));
    const all = await everything((page) => records().due(now, page), 3);
    return all.filter((ref) => tenants.has(ref.tenant)).map((ref) => ref.tenant);
  }

  describe('work', () => {
    test('is listed once while it stands, oldest request first, over pages and shards', async () => {
      const all: PromotionRef[] = [];
      for (let index = 0; index < 40; index += 1) {
        all.push(await made({ work: ['start'] }, `prom-${index}`, -index));
      }
      const idle = await made();
      expect(await working(...all, idle)).toEqual(all.toReversed().map((ref) => ref.tenant));
    });

    test('is cleared at the version it was left at, again and again', async () => {
      const ref = await made({ work: ['start', 'publish'] });
      expect(await records().clearWork(ref, 3, 3)).toBe(true);
      expect(await recordOf(ref)).toEqual({ work: [], attempt: 0, published: 3 });
      expect(await working(ref)).toEqual([]);
      expect(await records().clearWork(ref, 3, 3)).toBe(true);
    });

    test('stays when the promotion has moved on, or is not there', async () => {
      const ref = await made({ work: ['start'] });
      const moved = promotion(ref.tenant, ref.id, 4);
      const next = promotionWrite(moved, 3, { ...IDLE, work: ['wake'] });
      await stores().transactions.commit(ref.tenant, [next]);
      expect(await records().clearWork(ref, 3, 3)).toBe(false);
      expect(await recordOf(ref)).toEqual({ work: ['wake'], attempt: 0, published: 0 });
      expect(await working(ref)).toHaveLength(1);
      expect(await records().clearWork({ tenant: ref.tenant, id: 'nobody' }, 3, 3)).toBe(false);
      expect(await stores().promotions.read(ref.tenant, 'nobody')).toBeUndefined();
    });

    test('is cleared by a commit that leaves none', async () => {
      const ref = await made({ work: ['start'] });
      await stores().transactions.commit(ref.tenant, [promotionWrite(promotion(ref.tenant, ref.id, 4), 3)]);
      expect(await working(ref)).toEqual([]);
    });
  });

  describe('what was published', () => {
    test('never goes back, neither by a slower process nor by a commit that had read it before', async () => {
      const ref = await made();
      expect(await records().clearWork(ref, 3, 3)).toBe(true);
      expect(await records().clearWork(ref, 3, 2)).toBe(false);
      const stale = promotionWrite(promotion(ref.tenant, ref.id, 4), 3, { ...IDLE, published: 0 });
      expect(await stores().transactions.commit(ref.tenant, [stale])).toEqual({ committed: true });
      expect((await recordOf(ref))?.published).toBe(3);
    });
  });

  describe('the attempt', () => {
    test('is raised by one process', async () => {
      const ref = await made();
      expect(await records().raiseAttempt(ref, 0)).toBe(1);
      expect(await records().raiseAttempt(ref, 0)).toBeUndefined();
      expect(await records().raiseAttempt(ref, 1)).toBe(2);
      expect(await records().raiseAttempt({ tenant: ref.tenant, id: 'nobody' }, 0)).toBeUndefined();
    });

    test('has one winner among ten', async () => {
      const ref = await made();
      const raised = await Promise.all(Array.from({ length: 10 }, () => records().raiseAttempt(ref, 0)));
      expect(raised.filter((attempt) => attempt === 1)).toHaveLength(1);
      expect(raised.filter((attempt) => attempt === undefined)).toHaveLength(9);
    });

    test('is not put back by a commit that had read it before', async () => {
      const ref = await made();
      await records().raiseAttempt(ref, 0);
      const stale = promotionWrite(promotion(ref.tenant, ref.id, 4), 3);
      expect(await stores().transactions.commit(ref.tenant, [stale])).toEqual({
        committed: false,
        lost: [0],
      });
      const fresh = promotionWrite(promotion(ref.tenant, ref.id, 4), 3, { ...IDLE, attempt: 1 });
      expect(await stores().transactions.commit(ref.tenant, [fresh])).toEqual({ committed: true });
      expect((await recordOf(ref))?.attempt).toBe(1);
    });
  });

  describe('the due time', () => {
    test('lists what is due at or before now, soonest first', async () => {
      const [soon, now, future] = [
        await made({ due_at: later(-5) }),
        await made({ due_at: AT }),
        await made({ due_at: later(0.001) }),
      ];
      const never = await made();
      expect(await dueAt(AT, soon, now, future, never)).toEqual([soon.tenant, now.tenant]);
      expect(await dueAt(later(1), soon, now, future, never)).toHaveLength(3);
    });

    test('is postponed at the version it was set at', async () => {
      const ref = await made({ due_at: AT });
      expect(await records().postpone(ref, 3, later(60))).toBe(true);
      expect(await dueAt(later(59), ref)).toEqual([]);
      expect(await dueAt(later(60), ref)).toEqual([ref.tenant]);
      expect(await records().postpone(ref, 2, later(90))).toBe(false);
      expect(await records().postpone({ tenant: ref.tenant, id: 'nobody' }, 0, AT)).toBe(false);
      expect((await recordOf(ref))?.due_at).toBe(later(60));
    });

    test('is gone when a commit sets none', async () => {
      const ref = await made({ due_at: AT });
      await stores().transactions.commit(ref.tenant, [promotionWrite(promotion(ref.tenant, ref.id, 4), 3)]);
      expect(await recordOf(ref)).toEqual(IDLE);
      expect(await dueAt(later(60), ref)).toEqual([]);
    });
  });

  describe('a task token', () => {
    const token = {
      token: 'x'.repeat(1200),
      attempt: 2,
      entered_time: '2026-11-21T09:00:01.100Z',
      retry_count: 1,
      state: 'await',
    } as const;

    test('is kept and read back', async () => {
      const ref = { tenant: tenant(), id: 'prom-1' };
      expect(await stores().tokens.get(ref)).toBeUndefined();
      expect(await stores().tokens.put(ref, token)).toBe(true);
      expect(await stores().tokens.get(ref)).toEqual(token);
      expect(await stores().tokens.put(ref, token)).toBe(true);
    });

    test.each([
      ['a later attempt', { attempt: 3, entered_time: '2026-11-21T08:00:00.000Z', retry_count: 0 }, true],
      ['a state entered later', { entered_time: '2026-11-21T09:00:02Z', retry_count: 0 }, true],
      ['a later retry', { retry_count: 2 }, true],
      ['an earlier attempt', { attempt: 1, entered_time: '2026-11-21T10:00:00.000Z', retry_count: 9 }, false],
      ['a state entered earlier', { entered_time: '2026-11-21T09:00:01Z', retry_count: 9 }, false],
      ['an earlier retry', { retry_count: 0 }, false],
    ])('of %s replaces it: %s', async (_, change, replaces) => {
      const ref = { tenant: tenant(), id: 'prom-1' };
      const other = { ...token, ...change, token: 'other', state: 'execute_and_wait' } as const;
      await stores().tokens.put(ref, token);
      expect(await stores().tokens.put(ref, other)).toBe(replaces);
      expect(await stores().tokens.get(ref)).toEqual(replaces ? other : token);
    });

    test('does not stand in the way of its promotion', async () => {
      const ref = await made();
      await stores().tokens.put(ref, token);
      expect(await stores().promotions.events(ref.tenant, ref.id)).toHaveLength(3);
      expect(await recordOf(ref)).toEqual(IDLE);
    });
  });
}
