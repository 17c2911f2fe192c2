import { expect, test } from 'vitest';
import type { Write } from '../../functions/ports/transaction.ts';
import { type Bench, everything } from './adapters.ts';

const LATER = '2099-01-01T00:00:00.000Z';

/** Blocked promotions and unblock records. */
export function openingsContract({ stores, tenant }: Bench): void {
  const commit = async (t: string, ...writes: Write[]) =>
    expect(await stores().transactions.commit(t, writes)).toEqual({ committed: true });
  const stopped = (promotion_id: string, environment = 'staging'): Write => ({
    write: 'stopped',
    environment,
    promotion_id,
    expires_at: LATER,
  });
  const waiting = (t: string, environment = 'staging') =>
    everything((page) => stores().unblockRecords.stopped(t, environment, page), 2);

  test('a promotion that is stopped waits once, in its environment, until it leaves', async () => {
    const t = tenant();
    await commit(t, stopped('prom-1'), stopped('prom-2'), stopped('prom-3', 'production'));
    await commit(t, stopped('prom-0'));
    await commit(t, stopped('prom-2'));
    const [zero, one, two, ...more] = await waiting(t);
    expect([zero?.id, one?.id, two?.id, ...more]).toEqual(['prom-0', 'prom-1', 'prom-2']);
    if (two === undefined) throw new Error('nobody');
    const again = { ...two, version: two.version - 1 };
    expect(await stores().unblockRecords.leave(t, 'staging', again)).toBe(false);
    expect(await stores().unblockRecords.leave(t, 'staging', two)).toBe(true);
    expect(await stores().unblockRecords.leave(t, 'staging', two)).toBe(false);
    expect((await waiting(t)).map(({ id }) => id)).toEqual(['prom-0', 'prom-1']);
    expect(await waiting(t, 'production')).toMatchObject([{ id: 'prom-3' }]);
    expect(await waiting(tenant())).toEqual([]);
  });

  test('an opening is listed until its own version is attended to', async () => {
    const [t, other] = [tenant(), tenant()];
    await commit(t, { write: 'opened', environment: 'staging' });
    await commit(t, { write: 'opened', environment: '*' });
    await commit(other, { write: 'opened', environment: 'staging' });
    const mine = async () =>
      (await everything((page) => stores().unblockRecords.withWork(page), 2)).filter(
        (one) => one.tenant === t,
      );
    const [all, staging] = await mine();
    expect([all?.environment, staging?.environment]).toEqual(['*', 'staging']);
    if (staging === undefined) throw new Error('nothing opened');
    await commit(t, { write: 'opened', environment: 'staging' });
    expect(await stores().unblockRecords.clearWork(staging)).toBe(false);
    const [, newer] = await mine();
    if (newer === undefined) throw new Error('nothing opened');
    expect(await stores().unblockRecords.clearWork(newer)).toBe(true);
    expect((await mine()).map(({ environment }) => environment)).toEqual(['*']);
    await commit(t, { write: 'opened', environment: 'staging' });
    expect((await mine())[1]?.version).toBe(newer.version + 1);
  });
}
