import { describe, expect, it } from 'vitest';
import {
  changedAt,
  countedOf,
  dayOf,
  failedAt,
  isCounted,
  type Past,
  servedAt,
  shippedBy,
} from '../../../functions/domain/deployment/counted.ts';
import type { Commit, Counted, Deployment } from '../../../functions/domain/deployment/deployment.ts';
import { deployment, withoutLife } from './facts.ts';

const counted: Counted = { status: 'DEPLOYED', live: true, recoveries: [] };
const commit = (sha: string, time: string): Commit => ({ sha, committed_at: `2026-11-21T${time}.000Z` });
const shipping = (...commits: readonly Commit[]): Pick<Deployment, 'details'> => ({ details: { commits } });
const past = (changes: Partial<Past> = {}): Past => ({ fresh: [], failures: [], ...changes });

/** One recorded nine days after it began. */
const late = (changes: Partial<Deployment> = {}): Deployment => {
  const created_at = '2026-11-30T10:00:00.000Z';
  const { completed_at: _, ...told } = deployment({ recorded: true, created_at, live_at: created_at });
  return { ...told, ...changes };
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
});

describe('when a deployment began to serve', () => {
  it('is what its reporter or its promotion said, and never where it did not', () => {
    expect(servedAt(deployment())).toBe('2026-11-21T10:05:00.000Z');
    expect(servedAt(withoutLife({ status: 'FAILED' }))).toBeUndefined();
    expect(servedAt(late({ live_at: '2026-11-21T10:06:00.000Z' }))).toBe('2026-11-21T10:06:00.000Z');
  });

  it('is when it was complete, where that alone was said', () => {
    expect(servedAt(late({ completed_at: '2026-11-21T10:04:00.000Z' }))).toBe('2026-11-21T10:04:00.000Z');
  });

  it('is not known of what began before it was recorded without a word of its end', () => {
    expect(servedAt(late())).toBeUndefined();
  });

  it('is when its promotion completed, also where that was in the instant of its record', () => {
    const at = '2026-11-21T10:05:00.000Z';
    const { completed_at: _, ...executed } = deployment({ created_at: at });
    expect(servedAt(executed)).toBe(at);
  });
});

describe('when a deployment failed', () => {
  const ended_at = '2026-11-21T11:00:00.000Z';

  it('is when its rollback was requested, else when it was taken back, else when its outcome was known', () => {
    const failed_at = '2026-11-21T10:30:00.000Z';
    expect(failedAt(deployment({ status: 'ROLLED_BACK', failed_at, ended_at }))).toBe(failed_at);
    expect(failedAt(deployment({ status: 'ROLLED_BACK', ended_at }))).toBe(ended_at);
    expect(failedAt(deployment({ status: 'FAILED' }))).toBe('2026-11-21T10:05:00.000Z');
  });

  it('is never before it served', () => {
    const failed_at = '2026-11-21T10:00:00.000Z';
    expect(failedAt(deployment({ status: 'ROLLED_BACK', failed_at, ended_at }))).toBe(
      '2026-11-21T10:05:00.000Z',
    );
  });

  it('is not known of what began before it was recorded without a word of its end', () => {
    const { live_at: _, ...dead } = late({ status: 'FAILED' });
    expect(failedAt(dead)).toBeUndefined();
  });

  it('is no instant of one that serves, or is pending', () => {
    expect(failedAt(deployment())).toBeUndefined();
    expect(failedAt(deployment({ status: 'PENDING' }))).toBeUndefined();
  });
});

describe('what a deployment had shipped when another began to serve', () => {
  const commits = shipping(commit('a', '08:00:00'), commit('b', '09:00:00'));
  const at = '2026-11-21T12:00:00.000Z';

  it('is all of its commits while it serves', () => {
    expect(shippedBy(deployment(commits), at)).toEqual(['a', 'b']);
    expect(shippedBy(deployment(), at)).toEqual([]);
  });

  it('is what it served until it was taken back, to the millisecond', () => {
    const gone = { ...commits, status: 'ROLLED_BACK' } as const;
    expect(shippedBy(deployment({ ...gone, ended_at: '2026-11-21T12:00:00.001Z' }), at)).toEqual(['a', 'b']);
    expect(shippedBy(deployment({ ...gone, ended_at: at }), at)).toEqual([]);
    expect(shippedBy(deployment(gone), at)).toEqual([]);
    const { completed_at: _, ...endless } = deployment(gone);
    expect(shippedBy(endless, at)).toEqual([]);
  });

  it('is served, and shipped, until it ended and not until it was said to fail', () => {
    const failed_at = '2026-11-21T11:00:00.000Z';
    const ended_at = '2026-11-21T13:00:00.000Z';
    const gone = deployment({ ...commits, status: 'ROLLED_BACK', failed_at, ended_at });
    expect(shippedBy(gone, at)).toEqual(['a', 'b']);
  });

  it('is nothing of one that is pending', () => {
    expect(shippedBy(deployment({ ...commits, status: 'PENDING' }), at)).toEqual([]);
  });
});

describe('what a deployment adds', () => {
  it('is nothing while it is pending', () => {
    expect(countedOf(deployment({ status: 'PENDING' }), past())).toBeUndefined();
  });

  it('is its status, whether it served and how long it took', () => {
    expect(countedOf(deployment(), past())).toEqual({
      status: 'DEPLOYED',
      live: true,
      duration: 300,
      recoveries: [],
    });
    expect(countedOf(withoutLife({ status: 'FAILED' }), past())).toEqual({
      status: 'FAILED',
      live: false,
      duration: 300,
      recoveries: [],
    });
  });

  it('says nothing of its length where nobody said when it ended', () => {
    const nothing = { status: 'DEPLOYED', live: true, recoveries: [] };
    expect(countedOf(late(), past())).toEqual(nothing);
    const { created_at } = late();
    const untimed = { deployed_at: created_at, completed_at: created_at };
    expect(countedOf(late(untimed), past())).toEqual(nothing);
    expect(countedOf(late({ ...untimed, recorded: false }), past())).toMatchObject({ duration: 0 });
    expect(countedOf(late({ completed_at: created_at }), past())).toMatchObject({ duration: 9 * 86_400 });
  });

  it('is of no length where the clocks disagree, and of whole seconds', () => {
    const lasting = (completed_at: string) => countedOf(deployment({ completed_at }), past())?.duration;
    expect(lasting('2026-11-21T09:59:59.000Z')).toBe(0);
    expect(lasting('2026-11-21T10:00:01.600Z')).toBe(2);
  });

  it('says whether it was planned only where its reporter said so', () => {
    const says = (unplanned: boolean | string) => countedOf(deployment({ details: { unplanned } }), past());
    expect(says(true)).toMatchObject({ unplanned: true });
    expect(says(false)).toMatchObject({ unplanned: false });
    expect(says('no')).not.toHaveProperty('unplanned');
  });

  it('is the time from its first fresh commit until it served', () => {
    const fresh = [commit('c', '09:35:00'), commit('b', '09:05:00')];
    expect(countedOf(deployment(), past({ fresh }))).toMatchObject({ lead: 3_600 });
    expect(countedOf(late(), past({ fresh }))).not.toHaveProperty('lead');
    expect(countedOf(deployment(), past())).not.toHaveProperty('lead');
  });

  it('is the time from each failure that it ended until it served', () => {
    const failures = ['2026-11-21T09:55:00.000Z', '2026-11-21T10:04:00.000Z'];
    expect(countedOf(deployment(), past({ failures }))).toMatchObject({ recoveries: [600, 60] });
    expect(countedOf(late(), past({ failures }))).toMatchObject({ recoveries: [] });
  });
});
