import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { furnishLine, readyPromotions, scheduleAll } from '../support/due-together.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const HOUR = 3_600_000;
const freezes = '/api/v1/environments/staging/freezes';

let runtime: Runtime;
let dev: Api;
let admin: Api;
/** The instant of the functions' clock, as the test has moved it. */
let ahead = 0;

beforeAll(async () => {
  runtime = await startRuntime({ SLUICE_LOCAL_CLOCK: 'adjustable' });
  await furnishLine(runtime);
  await renew();
});
afterAll(() => runtime?.stop());

/** Tokens are judged by the moved clock too. */
async function renew(): Promise<void> {
  dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
}

const at = (hours: number): string => new Date(Date.now() + ahead + hours * HOUR).toISOString();

async function pass(hours: number): Promise<void> {
  ahead += hours * HOUR;
  await runtime.advanceClock(hours * HOUR);
  await renew();
}

async function freeze(from: number, to: number, more: object = {}): Promise<string> {
  const window = { reason: 'fair', starts_at: at(from), ends_at: at(to), ...more };
  const made = await admin.post(freezes, window);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

const reaches = (id: string, status: string) =>
  until(
    async () => (await dev.get(`/api/v1/promotions/${id}`)).body,
    (promotion) => promotion.status === status,
  );

/** Waits until the promotion waits for another person, since the admin weakened what stopped it. */
const isHeld = (id: string) =>
  until(
    async () => (await dev.get(`/api/v1/promotions/${id}`)).body,
    ({ status, reason_code }) => status === 'approved' && reason_code === 'governor',
  );

async function ready(name: string): Promise<string> {
  const [id] = await readyPromotions(runtime, name, 1);
  return String(id);
}

describe('freezes, over HTTP', () => {
  it('hold what comes due inside until their end, at which its alarm calls', async () => {
    const [from, to] = [at(1), at(3)];
    const window = { reason: 'fair', starts_at: from, ends_at: to };
    const { id: frozen } = (await admin.post(freezes, window)).body;
    const id = await ready('waits');
    await scheduleAll(runtime, [id], at(2));
    const asked = await dev.get(`${freezes}?at=${at(2)}`);
    expect(asked.body).toMatchObject({ frozen: true, reason: 'fair', next_open: to, next_close: null });
    expect((await dev.get(freezes)).body).toMatchObject({ frozen: false, next_open: null, next_close: from });
    // A click now, for a time outside, is accepted.
    expect(await dev.post(`/api/v1/promotions/${await ready('today')}/execute`)).toMatchObject({
      status: 202,
    });
    await pass(2.1);
    const click = await dev.post(`/api/v1/promotions/${await ready('inside')}/execute`);
    expect(click).toMatchObject({ status: 423, body: { code: 'frozen', reason: 'fair', ends_at: to } });
    expect((await dev.get(`/api/v1/promotions/${id}`)).body).toMatchObject({ status: 'scheduled' });
    await pass(1);
    await reaches(id, 'completed');
    await admin.delete(`${freezes}/${frozen}?reason=over`);
  });

  it('fail what comes due inside where they say so, and do nothing to what runs before', async () => {
    const frozen = await freeze(2, 4, { on_due: 'fail' });
    const [before, inside] = [await ready('before'), await ready('fails')];
    await scheduleAll(runtime, [before], at(1));
    await scheduleAll(runtime, [inside], at(3));
    await pass(1.1);
    await reaches(before, 'completed');
    await pass(2);
    const failed = await reaches(inside, 'failed');
    expect(failed.failure).toMatchObject({ code: 'frozen', target_state: 'unchanged' });
    await admin.delete(`${freezes}/${frozen}?reason=over`);
  });

  it('that an admin lifts let go what they held once another person executes it, and so do locks', async () => {
    const frozen = await freeze(1, 400);
    const [held, locked] = [await ready('held'), await ready('locked')];
    await scheduleAll(runtime, [held], at(2));
    await pass(2.1);
    await runtime.runSchedule('sweep');
    expect((await dev.get(`/api/v1/promotions/${held}`)).body).toMatchObject({ status: 'scheduled' });
    await admin.delete(`${freezes}/${frozen}?reason=over`);
    await runtime.runSchedule('sweep');
    await isHeld(held);
    expect(await dev.post(`/api/v1/promotions/${held}/execute`)).toMatchObject({ status: 202 });
    await reaches(held, 'completed');

    const environment = '/api/v1/environments/staging';
    await scheduleAll(runtime, [locked], at(1));
    await admin.post(`${environment}/lock`, { reason: 'incident' });
    await pass(1.1);
    const refused = await dev.post(`/api/v1/promotions/${locked}/execute`);
    expect(refused).toMatchObject({
      status: 423,
      body: { code: 'locked', reason: 'incident', scope: 'environment' },
    });
    expect(refused.body).toMatchObject({ by: expect.any(String), at: expect.any(String) });
    await admin.post(`${environment}/unlock`, { reason: 'over' });
    await runtime.runSchedule('sweep');
    await isHeld(locked);
    expect(await dev.post(`/api/v1/promotions/${locked}/execute`)).toMatchObject({ status: 202 });
    await reaches(locked, 'completed');
    const { items } = (await admin.get('/api/v1/audit/changes?type=environment&id=staging')).body;
    expect(items).toMatchObject([
      { action: 'unlock', reason: 'over', actor: { email: 'admin@acme.com' } },
      { action: 'lock', reason: 'incident', actor: { email: 'admin@acme.com' } },
    ]);
  });
});
