import { describe, expect, test } from 'vitest';
import type { Moment } from '../../functions/domain/deployment/history.ts';
import type { TimelineOf } from '../../functions/ports/timelines.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import type { Bench } from './adapters.ts';
import { deployment } from './samples.ts';

const COMMITTED = { committed: true };
const OF: TimelineOf = { environment: 'staging', subject: { kind: 'agent', name: 'agent-1' } };
const moment = (id: string, hour: number): Moment => ({
  id,
  at: `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
});

/** Timelines: what served a subject in an environment, and what failed. */
export function timelinesContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: readonly Write[]) => stores().transactions.commit(t, writes);
  const placed = (what: 'live' | 'failed', one: Moment, of = OF): Write => ({
    write: 'moment',
    of,
    what,
    moment: one,
  });

  describe('a timeline', () => {
    test('has what served before and after a position, the nearest first', async () => {
      const t = tenant();
      // One name begins another one, and two are at the same instant.
      const [a, b, c, d] = [
        moment('dep-1', 10),
        moment('dep-1', 11),
        moment('dep-10', 11),
        moment('dep-2', 12),
      ];
      expect(await commit(t, ...[c, a, d, b].map((one) => placed('live', one)))).toEqual(COMMITTED);
      await commit(t, placed('failed', moment('dep-1', 11)), { write: 'timeline', of: OF, expected: 0 });
      const lives = (
        ...[side, position, most]: [side: 'before' | 'after', Partial<Moment> & { at: string }, number]
      ) => stores().timelines.lives(t, OF, side, position, most);
      expect(await lives('before', d, 10)).toEqual([c, b, a]);
      expect(await lives('before', c, 1)).toEqual([b]);
      expect(await lives('before', a, 10)).toEqual([]);
      expect(await lives('after', a, 10)).toEqual([b, c, d]);
      expect(await lives('after', b, 1)).toEqual([c]);
      expect(await lives('after', d, 10)).toEqual([]);
      expect(await lives('before', { at: b.at }, 10)).toEqual([a]);
      expect(await lives('after', { at: b.at }, 10)).toEqual([b, c, d]);
    });

    test('has what failed within two instants, both included', async () => {
      const t = tenant();
      const all = [moment('dep-1', 10), moment('dep-2', 11), moment('dep-3', 12)];
      await commit(t, ...all.map((one) => placed('failed', one)), placed('live', moment('dep-4', 11)));
      const failures = (from: string, until: string) => stores().timelines.failures(t, OF, from, until);
      expect(await failures('', moment('', 12).at)).toEqual(all);
      expect(await failures(moment('', 11).at, moment('', 11).at)).toEqual([all[1]]);
      expect(await failures(moment('', 13).at, moment('', 14).at)).toEqual([]);
    });

    test('takes a moment any number of times, and is one of its subject in its environment', async () => {
      const t = tenant();
      for (const _ of [1, 2]) expect(await commit(t, placed('live', moment('dep-1', 10)))).toEqual(COMMITTED);
      const after = { at: moment('', 9).at };
      expect(await stores().timelines.lives(t, OF, 'after', after, 10)).toHaveLength(1);
      for (const of of [
        { ...OF, environment: 'production' },
        { ...OF, subject: { kind: 'agent', name: 'agent-10' } },
        { ...OF, subject: { kind: 'artifact', name: 'agent-1' } },
      ] as const) {
        expect(await stores().timelines.lives(t, of, 'after', after, 10)).toEqual([]);
      }
      expect(await stores().timelines.lives(tenant(), OF, 'after', after, 10)).toEqual([]);
    });

    test('is counted by at the version that was read', async () => {
      const t = tenant();
      expect(await stores().timelines.version(t, OF)).toBe(0);
      expect(await commit(t, { write: 'timeline', of: OF, expected: 0 })).toEqual(COMMITTED);
      expect(await commit(t, { write: 'timeline', of: OF, expected: 0 })).toEqual({
        committed: false,
        lost: [0],
      });
      expect(await commit(t, { write: 'timeline', of: OF, expected: 1 })).toEqual(COMMITTED);
      expect(await stores().timelines.version(t, OF)).toBe(2);
    });
  });

  test('the deployments of a subject that began on a day are those of all environments, oldest first', async () => {
    const t = tenant();
    const began = (id: string, deployed_at: string, environment = 'staging') =>
      commit(t, {
        write: 'deployment',
        deployment: deployment(id, 1, { deployed_at, environment }),
        expected: 0,
      });
    await began('dep-1', '2026-03-01T23:59:59.999Z');
    await began('dep-3', '2026-03-02T23:59:59.999Z');
    await began('dep-2', '2026-03-02T00:00:00.000Z', 'production');
    await began('dep-4', '2026-03-03T00:00:00.000Z');
    const { subject } = deployment('dep-1');
    const found = await stores().deployments.ofDay(t, subject, '2026-03-02');
    expect(found.map(({ id }) => id)).toEqual(['dep-2', 'dep-3']);
  });
}
