import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from '../support/runtime-process.ts';
import { type ApiAnswer, eventually, type Fixture, startFixture } from './fixture.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const INSTANT = '2019-03-01T00:00:00Z';
/** Less than ten minutes after the instant, however slow the machine is. */
const soonAfter = (time: number | string, moved = 0) => {
  const later = new Date(time).getTime() - Date.parse(INSTANT) - moved;
  expect(later).toBeGreaterThanOrEqual(0);
  expect(later).toBeLessThan(10 * MINUTE);
};

describe('a runtime whose clock is set', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ SLUICE_LOCAL_CLOCK: INSTANT });
  });
  afterAll(async () => {
    await fixture.stop();
  });

  it('has functions, requests, tokens and workflows at that time', async () => {
    const { body } = await fixture.act('now');
    soonAfter(body.now);
    const event = (await fixture.act('event')).body;
    soonAfter(event.requestContext.timeEpoch);
    soonAfter(event.requestContext.authorizer.jwt.claims.iat * 1000);
    await fixture.act('start', { id: 'early' });
    const execution = await eventually(async () => {
      const { items }: ApiAnswer['body'] = await (await fetch(`${fixture.url}/_local/executions`)).json();
      return items.find(({ name }: { name: string }) => name === 'early');
    });
    soonAfter(execution.started_at);
  });

  it('leaves functions the time that they have', async () => {
    const { left } = (await fixture.act('now')).body;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(MINUTE);
  });

  it('goes on from there when the clock of the functions is moved', async () => {
    await fixture.advanceClock(DAY);
    soonAfter((await fixture.act('now')).body.now, DAY);
    soonAfter((await fixture.act('event')).body.requestContext.timeEpoch);
  });
});

it('names an instant that makes no sense', async () => {
  for (const given of ['2019-03-01', '2019-13-01T00:00:00Z', 'fixed']) {
    const runtime = launch({ SLUICE_LOCAL_CLOCK: given });
    expect(await runtime.gone).toBe(1);
    expect(runtime.output()).toContain(`or an instant such as 2026-11-24T12:00:00Z, not ${given}.`);
  }
});
