import { describe, expect, test } from 'vitest';
import type { Observation } from '../../functions/domain/deployment/observation.ts';
import { everything, onBoth } from './adapters.ts';
import { AT } from './samples.ts';

const STAGING = { environment: 'staging' };

const seen = (name: string, more: Partial<Observation> = {}): Observation => ({
  slot: { subject: { kind: 'artifact', name }, environment: 'staging' },
  content: { as: 'image_tag', value: 'v1' },
  observed_at: AT,
  changed_at: AT,
  received_at: AT,
  observed_by: 'mach-1',
  version: 1,
  ...more,
});

onBoth('observations', ({ stores, tenant }) => {
  describe('an observation', () => {
    test('is compared and swapped, and reads back as it was written', async () => {
      const t = tenant();
      const { observations } = stores();
      const one = seen('platform', {
        out_of_band: { id: 'drift-1', recorded: null, since: AT, told: false },
      });
      expect(await observations.read(t, one.slot)).toBeUndefined();
      expect(await observations.put(t, one, 0)).toBe(true);
      expect(await observations.put(t, one, 0)).toBe(false);
      expect(await observations.read(t, one.slot)).toEqual(one);
      expect(await observations.put(t, { ...one, version: 3 }, 2)).toBe(false);
      expect(await observations.put(t, { ...one, version: 2 }, 1)).toBe(true);
      expect((await observations.read(t, one.slot))?.version).toBe(2);
    });

    test('is listed with those of its environment, by subject and gateway, and seen by no other tenant', async () => {
      const t = tenant();
      const { observations } = stores();
      const slot = {
        subject: { kind: 'agent', name: 'a' },
        environment: 'staging',
        gateway: 'gw-2',
      } as const;
      const all = [
        seen('a', { slot: { ...slot, gateway: 'gw-1' } }),
        seen('a', { slot }),
        seen('b'),
        seen('c'),
      ];
      for (const one of all.toReversed()) await observations.put(t, one, 0);
      const elsewhere = { ...seen('b').slot, environment: 'production' };
      await observations.put(t, seen('b', { slot: elsewhere }), 0);
      for (const limit of [1, 2, 10]) {
        const found = await everything((page) => observations.inEnvironment(t, STAGING, page), limit);
        expect(found).toEqual(all);
      }
      const again = seen('b', { slot: { ...seen('b').slot, incarnation: 17 } });
      expect(await observations.put(t, again, 0)).toBe(true);
      const { items } = await observations.inEnvironment(t, { ...STAGING, incarnation: 17 }, { limit: 9 });
      expect(items).toEqual([again]);
      expect((await observations.inEnvironment(tenant(), STAGING, { limit: 9 })).items).toEqual([]);
    });
  });
});
