import { beforeEach, describe, expect, it } from 'vitest';
import type { Freeze } from '../../functions/domain/freeze/freeze.ts';
import { ACME, START } from './api-world.ts';
import { admin, alice, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

const freezes = '/api/v1/environments/production/freezes';
const nightly = {
  reason: 'payroll',
  starts_at: '2026-11-18T21:00:00Z',
  ends_at: '2026-11-19T05:00:00Z',
  rrule: 'FREQ=DAILY;COUNT=3',
  timezone: 'Europe/Berlin',
};

beforeEach(stagedWorld);

async function stored(rrule: string): Promise<void> {
  const freeze: Freeze = {
    ...nightly,
    id: 'frz-old',
    environment: 'production',
    rrule,
    mode: 'deny',
    on_due: 'wait',
    created_by: 'admin',
    version: 1,
    created_at: START,
    updated_at: START,
    starts_at: '2000-01-01T00:00:00.000Z',
    ends_at: '2000-01-01T01:00:00.000Z',
  };
  await world.commit(ACME, { write: 'catalog', entry: { type: 'freeze', item: freeze }, expected: 0 });
}

describe('a stored freeze that cannot be evaluated', () => {
  it.each(['FREQ=DAILY;COUNT=9999', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'])('%s freezes', async (rrule) => {
    await stored(rrule);
    const reason = expect.stringMatching(
      /^payroll \(always: rrule must .*; change or lift freeze frz-old\)$/,
    );
    expect(await admin('GET', freezes)).toMatchObject({
      status: 200,
      body: { frozen: true, reason, next_open: null, items: [{ id: 'frz-old' }] },
    });
    const id = await requested();
    expect(await alice('POST', `${path}/${id}/approve`, {})).toMatchObject({ status: 200 });
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({
      status: 423,
      body: { code: 'frozen', reason },
    });
  });

  it('is mended or lifted like any other', async () => {
    await stored('FREQ=DAILY;COUNT=9999');
    const one = `${freezes}/frz-old`;
    expect(await admin('PATCH', one, { rrule: 'FREQ=DAILY;COUNT=9', reason: 'few' })).toMatchObject({
      status: 200,
    });
    expect((await admin('GET', freezes)).body).toMatchObject({ frozen: false });
    expect(await admin('DELETE', `${one}?reason=over`)).toMatchObject({ status: 204 });
  });

  it('that seldom fits does no harm', async () => {
    await stored('FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU');
    expect((await admin('GET', freezes)).body).toMatchObject({ frozen: false, next_close: null });
    expect((await admin('GET', `${freezes}?at=2032-02-29T00:00:00Z`)).body).toMatchObject({ frozen: true });
  });
});

describe('the reason of a freeze changes', () => {
  it.each([
    ['in its last window', '2026-11-20T23:00:00.000Z', true],
    ['after its last window', '2026-11-25T00:00:00.000Z', false],
  ])('%s', async (_, now, frozen) => {
    const { body } = await admin('POST', freezes, nightly);
    world.at(now);
    const changed = await admin('PATCH', `${freezes}/${body.id}`, { reason: 'payroll, late' });
    expect(changed).toMatchObject({ status: 200, body: { reason: 'payroll, late', rrule: nightly.rrule } });
    expect((await admin('GET', freezes)).body).toMatchObject({ frozen });
  });
});
