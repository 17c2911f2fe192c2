import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, createWorld, START, type World } from './api-world.ts';

const path = '/api/v1/environments/production/freezes';
const window = {
  reason: 'stocktaking',
  starts_at: '2026-11-21T08:00:00+01:00',
  ends_at: '2026-11-22T00:00:00Z',
};

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
async function raised(act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = await world.deps.catalog.all(ACME, 'environment');
  await act();
  const after = await world.deps.catalog.all(ACME, 'environment');
  return after.filter(({ guard }, index) => guard > (before[index]?.guard ?? 0)).map(({ name }) => name);
}

beforeEach(async () => {
  world = await createWorld();
});

describe('freezes', () => {
  it('are made, shown and judged, and raise the guard of what they are on', async () => {
    const names = await raised(async () => {
      const made = await admin('POST', path, window);
      expect(made).toMatchObject({
        status: 201,
        headers: { location: `${path}/frz-0001`, etag: '"1"' },
        body: {
          id: 'frz-0001',
          environment: 'production',
          starts_at: '2026-11-21T07:00:00.000Z',
          rrule: null,
          timezone: null,
          mode: 'deny',
          on_due: 'wait',
          created_by: 'admin',
          version: 1,
        },
      });
      expect(await admin('GET', `${path}/frz-0001`)).toMatchObject({ status: 200, body: made.body });
      expect((await admin('GET', path)).body).toEqual({
        items: [made.body],
        at: START,
        frozen: true,
        reason: 'stocktaking',
        next_open: '2026-11-22T00:00:00.000Z',
        next_close: null,
      });
    });
    expect(names).toEqual(['production']);
    const later = await admin('GET', `${path}?at=2026-11-22T00:00:00Z`);
    expect(later.body).toMatchObject({ frozen: false, reason: null, next_open: null });
  });

  it('of everything concern each environment, and raise every guard', async () => {
    const names = await raised(() => admin('POST', '/api/v1/environments/*/freezes', window));
    expect(names).toHaveLength(3);
    expect((await admin('GET', path)).body).toMatchObject({ frozen: true, items: [{ environment: '*' }] });
    expect((await admin('GET', '/api/v1/environments/*/freezes')).body).toMatchObject({ frozen: true });
    expect(await admin('GET', `${path}/frz-0001`)).toMatchObject({ status: 404 });
    expect(await admin('GET', '/api/v1/environments/*/freezes/frz-0001')).toMatchObject({ status: 200 });
    expect(await admin('GET', '/api/v1/environments/*')).toMatchObject({ status: 404 });
  });

  it('change and go, each time raising the guard, at the version that is expected', async () => {
    await admin('POST', path, { ...window, rrule: 'FREQ=DAILY', timezone: 'Europe/Berlin' });
    const one = `${path}/frz-0001`;
    const stale = { 'if-match': '"7"' };
    expect(await admin('PATCH', one, { reason: 'x' }, stale)).toMatchObject({ status: 412 });
    const opened = { rrule: null, mode: 'allow', reason: 'stocktaking' };
    const names = await raised(async () => {
      const changed = await admin('PATCH', one, opened, { 'if-match': '"1"' });
      expect(changed).toMatchObject({
        status: 200,
        body: { rrule: null, timezone: null, mode: 'allow', reason: 'stocktaking', version: 2 },
      });
    });
    expect(names).toEqual(['production']);
    expect(await admin('DELETE', one, undefined, stale)).toMatchObject({ status: 412 });
    expect(await raised(() => admin('DELETE', `${one}?reason=over`))).toEqual(['production']);
    expect(await admin('GET', one)).toMatchObject({ status: 404 });
  });

  it.each([
    [{ ...window, ends_at: window.starts_at }, 'ends_at'],
    [{ ...window, ends_at: '2028-11-22T00:00:00Z' }, 'ends_at'],
    [{ ...window, timezone: 'Europe/Berlin' }, 'timezone'],
    [{ ...window, rrule: 'FREQ=HOURLY' }, 'rrule'],
    [{ ...window, rrule: 'FREQ=DAILY', timezone: 'Mars/Olympus' }, 'timezone'],
  ])('that cannot be are refused', async (body, field) => {
    const answer = await admin('POST', path, body);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('are for admins, and who tries is kept', async () => {
    expect(await world.as('dev')('POST', path, window)).toMatchObject({ status: 403 });
    const { items } = await world.deps.denials.list(ACME, { limit: 10 });
    expect(items).toMatchObject([{ action: 'freeze', code: 'not_authorized' }]);
    expect(await admin('POST', '/api/v1/environments/nowhere/freezes', window)).toMatchObject({
      body: { type: expect.stringContaining('unknown_environment') },
    });
  });

  it('keep their environment', async () => {
    await admin('POST', '/api/v1/environments', { name: 'qa' });
    await admin('POST', '/api/v1/environments/qa/freezes', window);
    expect(await admin('DELETE', '/api/v1/environments/qa')).toMatchObject({ status: 409 });
  });
});
