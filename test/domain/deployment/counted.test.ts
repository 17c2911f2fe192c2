import { describe, expect, it } from 'vitest';
import {
  changedAt,
  countedOf,
  dayOf,
  failedAt,
  isCounted,
} from '../../../functions/domain/deployment/counted.ts';
import type { Commit, Counted, Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { deployment, withoutLife } from './facts.ts';

const counted: Counted = { status: 'DEPLOYED', live: true, recoveries: [] };
const commit = (sha: string, time: string): Commit => ({ sha, committed_at: `2026-11-21T${time}.000Z` });
const shipping = (...commits: readonly Commit[]): Pick<Deployment, 'details'> => ({ details: { commits } });

/** The deployment before, of the day before. */
const earlier = (changes: Partial<Deployment> = {}): Deployment =>
  deployment({
    id: 'dep-1',
    deployed_at: '2026-11-20T10:00:00.000Z',
    completed_at: '2026-11-20T10:05:00.000Z',
    live_at: '2026-11-20T10:05:00.000Z',
    ...changes,
  });

/** An earlier one that failed at this time of the day, without having served. */
const failed = (time: string, changes: Partial<Deployment> = {}): Deployment => {
  const { live_at: _, ...dead } = earlier({ status: 'FAILED', completed_at: `2026-11-21T${time}.000Z` });
  return { ...dead, ...changes };
};

describe('whether the statistics know a deployment', () => {
  it('as it is: once they counted it with the status that it has', () => {
    expect(isCounted(deployment())).toBe(false);
    expect(isCounted(deployment({ counted }))).toBe(true);
    expect(isCounted(deployment({ counted, status: 'ROLLED_BACK' }))).toBe(false);
  });

  it('is no question while it is pending', () => {
    expect(isCounted(deployment({ status: 'PENDING' }))).toBe(true);
  });
});

describe('the instants of a deployment', () => {
  it('its last change is its end, else its outcome, else its record', () => {
    const { completed_at: _, ...pending } = withoutLife({ status: 'PENDING' });
    expect(changedAt(pending)).toBe('2026-11-21T09:59:00.000Z');
    expect(changedAt(deployment())).toBe('2026-11-21T10:05:00.000Z');
    const ended_at = '2026-11-21T11:00:00.000Z';
    expect(changedAt(deployment({ status: 'ROLLED_BACK', ended_at }))).toBe(ended_at);
  });

  it('it counts on the day on which it began', () => {
    expect(dayOf({ deployed_at: '2026-11-21T23:59:59.999Z' })).toBe('2026-11-21');
  });

  it('it failed when it was taken back, else when its outcome was known; one that serves did not', () => {
    const ended_at = '2026-11-21T11:00:00.000Z';
    expect(failedAt(deployment({ status: 'ROLLED_BACK', ended_at }))).toBe(ended_at);
    expect(failedAt(deployment({ status: 'FAILED' }))).toBe('2026-11-21T10:05:00.000Z');
    expect(failedAt(deployment())).toBeUndefined();
    expect(failedAt(deployment({ status: 'PENDING' }))).toBeUndefined();
  });
});

describe('what a deployment adds', () => {
  it('is nothing while it is pending', () => {
    expect(countedOf(deployment({ status: 'PENDING' }), [])).toBeUndefined();
  });

  it('is its status, whether it served and how long it took', () => {
    expect(countedOf(deployment(), [])).toEqual({
      status: 'DEPLOYED',
      live: true,
      duration: 300,
      recoveries: [],
    });
    expect(countedOf(withoutLife({ status: 'FAILED' }), [])).toEqual({
      status: 'FAILED',
      live: false,
      duration: 300,
      recoveries: [],
    });
  });

  it('says nothing of its length where its outcome has no time', () => {
    const { completed_at: _, ...open } = deployment();
    expect(countedOf(open, [])).not.toHaveProperty('duration');
  });

  it('is of no length where the clocks disagree, and of whole seconds', () => {
    expect(countedOf(deployment({ completed_at: '2026-11-21T09:59:59.000Z' }), [])).toMatchObject({
      duration: 0,
    });
    expect(countedOf(deployment({ completed_at: '2026-11-21T10:00:01.600Z' }), [])).toMatchObject({
      duration: 2,
    });
  });

  it('says whether it was planned only where its reporter said so', () => {
    expect(countedOf(deployment({ details: { unplanned: true } }), [])).toMatchObject({ unplanned: true });
    expect(countedOf(deployment({ details: { unplanned: false } }), [])).toMatchObject({ unplanned: false });
    expect(countedOf(deployment({ details: { unplanned: 'no' } }), [])).not.toHaveProperty('unplanned');
  });
});

describe('the lead time of a deployment', () => {
  const [old, fresh, newest] = [
    commit('a', '08:00:00'),
    commit('b', '09:05:00'),
    commit('c', '09:35:00'),
  ] as const;

  it('runs from its first commit until it served', () => {
    expect(countedOf(deployment(shipping(newest, fresh)), [])).toMatchObject({ lead: 3_600 });
  });

  it('leaves out what an earlier one shipped that serves', () => {
    const one = deployment(shipping(old, fresh, newest));
    expect(countedOf(one, [earlier(shipping(old))])).toMatchObject({ lead: 3_600 });
    expect(countedOf(one, [earlier(shipping(old)), earlier(shipping(fresh))])).toMatchObject({ lead: 1_800 });
  });

  it('counts what an earlier one shipped that failed, or elsewhere', () => {
    const one = deployment(shipping(old, fresh));
    const all = 2 * 3_600 + 300;
    expect(countedOf(one, [earlier({ ...shipping(old), status: 'ROLLED_BACK' })])).toMatchObject({
      lead: all,
    });
    expect(countedOf(one, [earlier({ ...shipping(old), environment: 'staging' })])).toMatchObject({
      lead: all,
    });
  });

  it('is not shortened by the deployment itself among the earlier ones', () => {
    const one = deployment(shipping(fresh));
    expect(countedOf(one, [one])).toMatchObject({ lead: 3_600 });
  });

  it('is not known without commits, where none is new, or where it never served', () => {
    expect(countedOf(deployment(), [])).not.toHaveProperty('lead');
    expect(countedOf(deployment(shipping(old)), [earlier(shipping(old))])).not.toHaveProperty('lead');
    expect(countedOf(withoutLife(shipping(fresh)), [])).not.toHaveProperty('lead');
  });
});

describe('the recoveries of a deployment', () => {
  const recoveries = (one: Deployment, before: readonly Deployment[]) => countedOf(one, before)?.recoveries;

  it('run from each failure since the last one that served, the longest ago first', () => {
    expect(recoveries(deployment(), [failed('10:04:00'), failed('09:55:00'), earlier()])).toEqual([600, 60]);
  });

  it('count the one that was taken back', () => {
    const taken_back = earlier({ status: 'ROLLED_BACK', ended_at: '2026-11-21T09:35:00.000Z' });
    expect(recoveries(deployment(), [taken_back])).toEqual([1_800]);
  });

  it('leave out failures that an earlier one ended, by the newest that served', () => {
    const served = earlier({ id: 'dep-0', live_at: '2026-11-21T09:00:00.000Z' });
    expect(recoveries(deployment(), [failed('08:59:59'), served, earlier()])).toEqual([]);
    expect(recoveries(deployment(), [failed('09:00:00'), served, earlier()])).toEqual([3_900]);
  });

  it('leave out what failed after it served, to the millisecond', () => {
    expect(recoveries(deployment(), [failed('10:05:00')])).toEqual([0]);
    expect(recoveries(deployment(), [failed('10:05:01')])).toEqual([]);
  });

  it('are not ended before by what served at the same instant or later', () => {
    const same = earlier({ live_at: '2026-11-21T10:05:00.000Z' });
    const later = earlier({ live_at: '2026-11-21T10:06:00.000Z' });
    expect(recoveries(deployment(), [failed('10:04:00'), same, later])).toEqual([60]);
  });

  it('are those of its own environment', () => {
    expect(recoveries(deployment(), [failed('10:04:00', { environment: 'staging' })])).toEqual([]);
  });

  it('are none where it never served', () => {
    expect(recoveries(withoutLife({ status: 'FAILED' }), [failed('10:04:00')])).toEqual([]);
  });
});
