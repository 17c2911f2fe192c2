import { describe, expect, test } from 'vitest';
import type { Bench } from './adapters.ts';
import { later } from './samples.ts';

/** Which channels are left alone for a while. */
export function backoffContract({ stores, tenant }: Bench): void {
  const backoff = () => stores().backoff;
  const channelOf = (t: string, channel_id = 'chan-1') => ({ tenant: t, channel_id });

  describe('a rest', () => {
    test('stands from its beginning to its end', async () => {
      const channel = channelOf(tenant());
      expect(await backoff().until(channel)).toBeUndefined();
      await backoff().begin(channel, later(10));
      expect(await backoff().until(channel)).toBe(later(10));
      await backoff().begin(channel, later(20));
      expect(await backoff().until(channel)).toBe(later(20));
      await backoff().end(channel);
      expect(await backoff().until(channel)).toBeUndefined();
      await backoff().end(channel);
      await backoff().begin(channel, later(30));
      expect(await backoff().until(channel)).toBe(later(30));
    });

    test('is prolonged by one of many who saw it pass', async () => {
      const channel = channelOf(tenant());
      await backoff().begin(channel, later(10));
      const prolonged = await Promise.all(
        Array.from({ length: 20 }, () => backoff().prolong(channel, later(10), later(20))),
      );
      expect(prolonged.filter(Boolean)).toHaveLength(1);
      expect(await backoff().until(channel)).toBe(later(20));
    });

    test('is not prolonged once it was ended or never began', async () => {
      const channel = channelOf(tenant());
      expect(await backoff().prolong(channel, later(10), later(20))).toBe(false);
      await backoff().begin(channel, later(10));
      await backoff().end(channel);
      expect(await backoff().prolong(channel, later(10), later(20))).toBe(false);
      expect(await backoff().until(channel)).toBeUndefined();
    });

    test('is of one channel and one tenant', async () => {
      const t = tenant();
      await backoff().begin(channelOf(t), later(10));
      expect(await backoff().until(channelOf(t, 'chan-2'))).toBeUndefined();
      expect(await backoff().until(channelOf(tenant()))).toBeUndefined();
    });
  });
}
