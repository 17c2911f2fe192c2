import { describe, expect, it } from 'vitest';
import { Fault } from '../../functions/domain/faults.ts';
import type { Measured } from '../../functions/handlers/metrics.ts';
import { feedLogHandler } from '../../functions/handlers/schedule/feed-log.ts';
import { testCosigner } from '../support/cosigner.ts';
import { type LogWorld, logWorld, requested } from '../use-cases/transparency-log/world.ts';
import { testLog } from './log.ts';

const run = async (world: LogWorld, later = '2026-11-22T09:00:00.000Z') => {
  const [log, metered] = [testLog(), [] as Measured[]];
  const deps = { ...world, clock: { now: () => later } };
  const ended = await feedLogHandler(
    () => deps,
    log,
    (values) => void metered.push(values),
  )().then(
    () => 'succeeded',
    (error: Error) => error.message,
  );
  return { ended, metered, lines: log.lines };
};

/** The world in which one port's method fails. */
const failing = (world: LogWorld): LogWorld => ({
  ...world,
  noteSigner: { ...world.noteSigner, sign: () => Promise.reject(new Fault('Unavailable', 'no key')) },
});

describe('the feeder as a function', () => {
  it('fails, names the tenant, and measures how old the oldest event is that is not in the log', async () => {
    const world = logWorld();
    await requested(world);
    expect(await run(world)).toMatchObject({ ended: 'succeeded', metered: [{ log_lag_seconds: 0 }] });
    const id = await requested(world);
    const [first] = await world.promotions.events('acme', id, 0, 1);
    const later = new Date(Date.parse(first?.at ?? '') + 1_800_000).toISOString();
    const { ended, metered, lines } = await run(failing(world), later);
    expect(ended).toBe('1 logs could not be fed');
    expect(metered).toEqual([{ log_lag_seconds: 1_800 }]);
    expect(lines).toMatchObject([{ level: 'error', message: 'log_not_fed', data: { tenant: 'acme' } }]);
    expect(await run(world, later)).toMatchObject({ ended: 'succeeded', metered: [{ log_lag_seconds: 0 }] });
  });

  it.each([
    [60_000, 160, 'succeeded'],
    [900_000, 1_000, 'log_late: an event of 1000 s ago is not in its log'],
  ])(
    'left for the next run what is %i ms old: it measures that, and fails when it is late',
    async (age, lag, expected) => {
      const world = logWorld();
      const id = await requested(world);
      const [first] = await world.promotions.events('acme', id, 0, 1);
      const start = Date.parse(first?.at ?? '') + age;
      let calls = 0;
      // The time is up after the first look at the clock.
      const clock = { now: () => new Date(start + 100_000 * Math.min(calls++, 1)).toISOString() };
      const metered: Measured[] = [];
      const ended = await feedLogHandler(
        () => ({ ...world, clock }),
        testLog(),
        (values) => void metered.push(values),
      )().then(
        () => 'succeeded',
        (error: Error) => error.message,
      );
      expect(metered).toEqual([{ log_lag_seconds: lag }]);
      expect(ended).toBe(expected);
    },
  );

  it('names the witness that did not cosign, and succeeds', async () => {
    const { cosigner, name } = testCosigner();
    const egress = {
      send: async () => ({ result: 'unanswered', message: 'refused', late: false, sent: false }) as const,
    };
    const world = { ...logWorld(), witnesses: { all: [{ ...cosigner, url: 'https://w.example' }], egress } };
    await requested(world);
    const { ended, lines } = await run(world);
    expect(ended).toBe('succeeded');
    const data = { tenant: 'acme', witness: name, problem: 'refused' };
    expect(lines).toMatchObject([{ message: 'log_not_cosigned', data }, { message: 'log_fed' }]);
  });

  it('says nothing when there is nothing to do', async () => {
    expect(await run(logWorld())).toEqual({
      ended: 'succeeded',
      metered: [{ log_lag_seconds: 0 }],
      lines: [],
    });
  });
});
