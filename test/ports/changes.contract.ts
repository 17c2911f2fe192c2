import { expect, test } from 'vitest';
import { type Change, nextChange } from '../../functions/domain/audit/change.ts';
import type { Bench } from './adapters.ts';

const ABOUT = {
  at: '2026-11-21T09:00:00.000Z',
  actor: { subject: 'admin', email: 'admin@acme.com', kind: 'person' },
} as const;

/** The chain of changes: each in its place once, whoever comes first. */
export function changesContract({ stores, tenant }: Bench): void {
  const commit = (t: string, change: Change) =>
    stores().transactions.commit(t, [{ write: 'change', change }]);
  const following = (newest: Change | undefined, reason: string) =>
    nextChange(newest, { action: 'lock', target: { type: 'environment', id: 'staging' }, reason }, ABOUT);

  test('is appended to at its end alone, and read from either end', async () => {
    const t = tenant();
    expect(await stores().changes.newest(t)).toBeUndefined();
    const made: Change[] = [];
    for (let n = 1; n <= 5; n += 1) {
      const change = following(made.at(-1), `reason ${n}`);
      expect(await commit(t, change)).toEqual({ committed: true });
      made.push(change);
    }
    expect(await stores().changes.newest(t)).toEqual(made.at(-1));
    expect(await commit(t, following(made.at(-2), 'late'))).toEqual({ committed: false, lost: [0] });
    const first = await stores().changes.list(t, 'oldest_first', { limit: 3 });
    expect(first.items).toEqual(made.slice(0, 3));
    const rest = { limit: 3, after: String(first.next) };
    expect((await stores().changes.list(t, 'oldest_first', rest)).items).toEqual(made.slice(3));
    const newest = await stores().changes.list(t, 'newest_first', { limit: 2 });
    expect(newest.items).toEqual(made.slice(3).toReversed());
    const older = { limit: 3, after: String(newest.next) };
    expect((await stores().changes.list(t, 'newest_first', older)).items).toEqual(
      made.slice(0, 3).toReversed(),
    );
    expect(await stores().changes.newest(tenant())).toBeUndefined();
  });

  test('lets one of many that come at once have a place', async () => {
    const t = tenant();
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, n) => commit(t, following(undefined, `racer ${n}`))),
    );
    expect(results.filter(({ committed }) => committed)).toHaveLength(1);
    expect((await stores().changes.list(t, 'oldest_first', { limit: 10 })).items).toHaveLength(1);
  });
}
