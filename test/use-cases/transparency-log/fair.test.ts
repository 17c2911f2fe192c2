import { describe, expect, it } from 'vitest';
import { nextChange } from '../../../functions/domain/audit/change.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import { feedLogs, feedQuiet } from '../../../functions/use-cases/transparency-log/feed.ts';
import { times } from '../../support/length.ts';
import { type LogWorld, logWorld, requested, TENANT } from './world.ts';

const START = '2026-11-22T09:00:00.000Z';
/** Logs that are fed at once, and seconds in which a run begins batches. */
const [AT_ONCE, SECONDS] = [8, 40];

/** A world whose clock moves as far with each signature as a batch takes, shared by those that are fed at once. */
function slow(seconds: number) {
  let now = START;
  const signed: string[] = [];
  const world = logWorld();
  const deps: LogWorld = {
    ...world,
    clock: { now: () => now },
    noteSigner: {
      ...world.noteSigner,
      async sign(message) {
        now = addDuration(now, `PT${seconds / AT_ONCE}S`);
        signed.push(Buffer.from(message).toString().split('\n')[0] ?? '');
        return world.noteSigner.sign(message);
      },
    },
  };
  const minute = async () => {
    const run = await feedLogs(deps, addDuration(now, `PT${SECONDS}S`));
    now = addDuration(now, 'PT1M');
    return run;
  };
  const at = (instant: string) => {
    now = instant;
  };
  return { deps, signed, minute, at };
}

/** One more change of a tenant. */
async function changed(world: LogWorld, tenant: string): Promise<void> {
  const actor = { subject: 'admin', email: 'admin@acme.com', kind: 'person' } as const;
  const told = { action: 'lock', target: { type: 'environment', id: 'staging' } } as const;
  const change = nextChange(await world.changes.newest(tenant), told, { at: START, actor });
  const result = await world.transactions.commit(tenant, [{ write: 'change', change }]);
  if (!result.committed) throw new Error('not committed');
}

const sizeOf = async (world: LogWorld, tenant: string) => (await world.logTree.read(tenant))?.head.size ?? 0;

describe('a run that cannot feed all logs', () => {
  // 1,000 tenants at a second a batch, or as many batches of a tenth of the tenants at ten seconds.
  const [tenants, seconds] = [times(100, 1_000), times(10, 1)];

  it('leaves the rest to the next one: all of 1,000 are fed within the minutes that arithmetic allows', async () => {
    const { deps, minute } = slow(seconds);
    const all = Array.from({ length: tenants }, (_, n) => `tenant-${n}`);
    const most = Math.ceil((tenants * seconds) / AT_ONCE / SECONDS);
    expect(most).toBe(4);
    for (let minutes = 0; minutes < most; minutes += 1) {
      // Each has news every minute, so that a run which began with the first one would never come to the last.
      for (const tenant of all) await changed(deps, tenant);
      expect((await minute()).faults).toEqual([]);
    }
    const sizes = await Promise.all(all.map((tenant) => sizeOf(deps, tenant)));
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });
});

describe('a log with much news', () => {
  it('gets one batch a round: the others do not wait for it', async () => {
    const { deps, signed } = slow(1);
    for (let n = 0; n < 200; n += 1) await requested(deps);
    await changed(deps, 'zoe');
    // The time is up after the first round.
    const end = addDuration(START, 'PT0.2S');
    expect(await feedLogs(deps, end)).toMatchObject({ entries: 257, unfinished: true });
    expect(signed.sort()).toEqual([`sluice/log/${TENANT}`, 'sluice/log/zoe']);
    expect(await feedLogs(deps, '2099-01-01T00:00:00.000Z')).toMatchObject({
      entries: 144,
      unfinished: false,
    });
  });
});

describe('a feeder that is woken', () => {
  it('feeds a tenant that was quiet for a minute, and leaves another to the next run', async () => {
    const { deps, at, minute } = slow(1);
    await changed(deps, 'acme');
    await changed(deps, 'globex');
    expect((await feedQuiet(deps, 'acme')).entries).toBe(1);
    expect([await sizeOf(deps, 'acme'), await sizeOf(deps, 'globex')]).toEqual([1, 0]);
    await changed(deps, 'acme');
    at('2026-11-22T09:00:59.000Z');
    expect((await feedQuiet(deps, 'acme')).entries).toBe(0);
    expect((await minute()).entries).toBe(2);
    await changed(deps, 'acme');
    at('2026-11-22T09:02:00.000Z');
    expect((await feedQuiet(deps, 'acme')).entries).toBe(1);
    expect((await feedQuiet(deps, 'nobody')).entries).toBe(0);
  });
});
