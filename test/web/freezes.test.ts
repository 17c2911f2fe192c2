import { describe, expect, it } from 'vitest';
import type { FreezeView } from '../../functions/contract/freezes.ts';
import type { Freeze } from '../../functions/domain/freeze/freeze.ts';
import { consequencesOf } from '../../web/freezes/consequences.ts';
import { becoming, draftOf, emptyDraft, fieldsOf } from '../../web/freezes/draft.ts';
import { againInWords, turnInWords } from '../../web/words/freeze.ts';

const NOW = '2026-03-10T12:00:00.000Z';
const stored: FreezeView = {
  id: 'frz_1',
  organization_id: 'acme',
  environment: 'staging',
  reason: 'Quarter close',
  // With seconds, which no control of the form shows.
  starts_at: '2026-03-27T17:00:12.345Z',
  ends_at: '2026-03-30T06:00:00.000Z',
  rrule: 'FREQ=WEEKLY;UNTIL=20261231',
  timezone: 'Europe/Berlin',
  mode: 'deny',
  on_due: 'wait',
  created_by: 'admin',
  created_at: NOW,
  updated_at: NOW,
  version: 3,
};

describe('a freeze in its form', () => {
  it('is shown by the clock of its zone, on both sides of a change of that clock', () => {
    expect(draftOf(stored, 'UTC')).toMatchObject({
      from: '2026-03-27T18:00',
      to: '2026-03-30T08:00',
      again: 'weekly',
      last: '2026-12-31',
    });
  });

  it('stays to the millisecond what it was where nothing is changed', () => {
    const { starts_at, ends_at, rrule, timezone } = stored;
    const same = fieldsOf(draftOf(stored, 'UTC'), stored, 'UTC');
    expect(same).toMatchObject({ starts_at, ends_at, rrule, timezone });
  });

  it('takes another time by the clock of another zone', () => {
    const moved = { ...draftOf(stored, 'UTC'), zone: 'America/New_York' };
    expect(fieldsOf(moved, stored, 'UTC')).toMatchObject({ starts_at: '2026-03-27T22:00:00.000Z' });
  });

  it.each([
    [{ zone: 'Berlin' }, 'timezone'],
    [{ from: '' }, 'starts_at'],
    [{ to: '2026-03-01T00:00' }, 'ends_at'],
    [{ again: 'rule', rule: 'FREQ=HOURLY' }, 'rrule'],
  ] as const)('is none with %j, and says which control is wrong', (change, field) => {
    expect(fieldsOf({ ...draftOf(stored, 'UTC'), ...change }, stored, 'UTC')).toMatchObject({ field });
  });

  it('has no recurrence and no zone where it comes once', () => {
    const once = { ...emptyDraft('Europe/Berlin'), from: '2026-03-27T18:00', to: '2026-03-27T19:00' };
    expect(fieldsOf(once, undefined, 'Europe/Berlin')).toEqual({
      starts_at: '2026-03-27T17:00:00.000Z',
      ends_at: '2026-03-27T18:00:00.000Z',
      mode: 'deny',
      on_due: 'wait',
    });
  });

  it('keeps a recurrence that no control has, as a rule', () => {
    const rrule = 'FREQ=MONTHLY;BYDAY=-1FR';
    const view = { ...stored, rrule };
    expect(draftOf(view, 'UTC')).toMatchObject({ again: 'rule', rule: rrule });
    expect(fieldsOf(draftOf(view, 'UTC'), view, 'UTC')).toMatchObject({ rrule });
    expect(againInWords(rrule, 'UTC')).toBe(`, again by the rule ${rrule} by the clock of UTC`);
  });
});

describe('what a change of a freeze causes', () => {
  const promotion = {
    target_environment: 'staging',
    scheduled_at: '2026-03-12T10:00:00.000Z',
    status: 'scheduled',
    type: 'promotion',
  } as const;
  const deny: Freeze = becoming(
    {
      starts_at: '2026-03-10T10:00:00.000Z',
      ends_at: '2026-03-13T10:00:00.000Z',
      mode: 'deny',
      on_due: 'wait',
    },
    'staging',
    undefined,
  );
  const caused = (before: Freeze | undefined, after: Freeze | undefined, all: readonly Freeze[] = []) =>
    consequencesOf({ before, after, all, promotions: [promotion], now: NOW });

  it('names what waits for a new one, and that it holds at once', () => {
    const found = caused(undefined, deny);
    expect(found).toMatchObject({ held: [promotion], freed: [], opens: false });
    expect(turnInWords(found, 'staging')).toBe('staging is frozen at once, until Fri 2026-03-13 10:00 UTC.');
  });

  it('names what ending one lets go, and that it opens frozen time', () => {
    const found = caused(deny, undefined, [deny]);
    expect(found).toMatchObject({ held: [], freed: [promotion], opens: true });
    expect(turnInWords(found, 'staging')).toBe('staging is open at once.');
  });

  it('opens nothing where another freeze of everything goes on', () => {
    const everywhere: Freeze = { ...deny, id: 'frz_2', environment: '*' };
    const found = caused(deny, undefined, [deny, everywhere]);
    expect(found).toMatchObject({ held: [], freed: [] });
    expect(turnInWords(found, 'staging')).toBe('staging stays frozen now, until Fri 2026-03-13 10:00 UTC.');
  });

  it('does not hold a promotion of another environment, a rollback, or one without a time', () => {
    const others = [
      { ...promotion, target_environment: 'production' },
      { ...promotion, type: 'rollback' as const },
      { ...promotion, scheduled_at: null },
    ];
    const found = consequencesOf({ before: undefined, after: deny, all: [], promotions: others, now: NOW });
    expect(found.held).toEqual([]);
  });

  it('adds a window to those in which executions are allowed: that opens time', () => {
    const allow = (id: string, date: number): Freeze => ({
      ...deny,
      id,
      mode: 'allow',
      starts_at: `2026-03-${date}T09:00:00.000Z`,
      ends_at: `2026-03-${date}T11:00:00.000Z`,
    });
    const first = allow('frz_1', 20);
    expect(caused(undefined, first)).toMatchObject({ held: [promotion], opens: false });
    expect(caused(undefined, allow('frz_2', 12), [first])).toMatchObject({ freed: [promotion], opens: true });
  });
});
