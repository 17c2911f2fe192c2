import { describe, expect, test } from 'vitest';
import type { Delivery, DeliveryRef } from '../../functions/ports/deliveries.ts';
import { type Bench, everything } from './adapters.ts';
import { later } from './samples.ts';

/** How far channels were told of promotions, and how it went. */
export function deliveriesContract({ stores, tenant }: Bench): void {
  const deliveries = () => stores().deliveries;
  const refOf = (t: string, channel_id = 'chan-1', promotion_id = 'prom-1'): DeliveryRef => ({
    tenant: t,
    channel_id,
    promotion_id,
  });
  const attempt = (
    seq: number,
    change: Partial<Delivery> = {},
  ): Omit<Delivery, 'attempts' | 'promotion_id'> => ({
    notice_id: `prom-1-${seq}`,
    seq,
    event_at: later(seq),
    verb: 'assessed',
    severity: 'info',
    environment: 'production',
    outcome: 'delivered',
    at: later(100 + seq),
    ...change,
  });

  describe('a cursor', () => {
    test('begins at 0 and moves only from where its mover saw it', async () => {
      const ref = refOf(tenant());
      expect(await deliveries().position(ref)).toBe(0);
      expect(await deliveries().advance(ref, 1, 2)).toBe(false);
      expect(await deliveries().advance(ref, 0, 3)).toBe(true);
      expect(await deliveries().advance(ref, 0, 1)).toBe(false);
      expect(await deliveries().position(ref)).toBe(3);
      expect(await deliveries().advance(ref, 3, 4)).toBe(true);
      expect(await deliveries().position(ref)).toBe(4);
    });

    test('is moved by one of many who try at once', async () => {
      const ref = refOf(tenant());
      const moved = await Promise.all(Array.from({ length: 20 }, () => deliveries().advance(ref, 0, 1)));
      expect(moved.filter(Boolean)).toHaveLength(1);
    });

    test('is of one channel, one promotion and one tenant', async () => {
      const t = tenant();
      await deliveries().advance(refOf(t), 0, 7);
      for (const other of [refOf(t, 'chan-2'), refOf(t, 'chan-1', 'prom-2'), refOf(tenant())]) {
        expect(await deliveries().position(other)).toBe(0);
      }
    });
  });

  describe('history', () => {
    test('keeps the latest attempt at a notice, and counts them all', async () => {
      const t = tenant();
      const ref = refOf(t);
      await deliveries().record(ref, attempt(1, { outcome: 'retry', reason: 'it answered 500' }));
      const last = attempt(1, { at: later(200), reference: 'msg-9' });
      await deliveries().record(ref, last);
      expect(await deliveries().history(t, 'chan-1', { limit: 10 })).toEqual({
        items: [{ ...last, promotion_id: 'prom-1', attempts: 2 }],
      });
    });

    test('counts attempts that end at once', async () => {
      const t = tenant();
      await Promise.all(Array.from({ length: 10 }, () => deliveries().record(refOf(t), attempt(1))));
      const { items } = await deliveries().history(t, 'chan-1', { limit: 10 });
      expect(items.map(({ attempts }) => attempts)).toEqual([10]);
    });

    test('lists the newest event first, page by page, of one channel', async () => {
      const t = tenant();
      for (const seq of [2, 1, 3]) {
        await deliveries().record(refOf(t), attempt(seq));
        await deliveries().record(refOf(t, 'chan-1', 'prom-2'), attempt(seq));
      }
      await deliveries().record(refOf(t, 'chan-2'), attempt(9));
      for (const limit of [1, 4, 10]) {
        const all = await everything((page) => deliveries().history(t, 'chan-1', page), limit);
        expect(all.map(({ promotion_id, seq }) => `${promotion_id} ${seq}`)).toEqual([
          'prom-2 3',
          'prom-1 3',
          'prom-2 2',
          'prom-1 2',
          'prom-2 1',
          'prom-1 1',
        ]);
      }
    });
  });

  test('receivers told of an event are remembered, event by event', async () => {
    const ref = refOf(tenant());
    expect(await deliveries().deliveredTo(ref, 1)).toEqual(new Set());
    await deliveries().markDelivered(ref, 1, 'alice', later(1));
    await Promise.all(['alice', 'bob'].map((who) => deliveries().markDelivered(ref, 1, who, later(2))));
    expect(await deliveries().deliveredTo(ref, 1)).toEqual(new Set(['alice', 'bob']));
    expect(await deliveries().deliveredTo(ref, 2)).toEqual(new Set());
    expect(await deliveries().history(ref.tenant, ref.channel_id, { limit: 10 })).toEqual({ items: [] });
  });
}
