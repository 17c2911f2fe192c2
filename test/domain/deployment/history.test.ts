import { describe, expect, it } from 'vitest';
import { endedBy, isEarlier, type Moment, momentsOf } from '../../../functions/domain/deployment/history.ts';
import { deployment, withoutLife } from './facts.ts';

const moment = (id: string, time: string): Moment => ({ id, at: `2026-11-21T${time}:00.000Z` });

describe('moments', () => {
  it('are in the order of their instants, then of their ids', () => {
    expect(isEarlier(moment('b', '10:00'), moment('a', '10:01'))).toBe(true);
    expect(isEarlier(moment('a', '10:00'), moment('b', '10:00'))).toBe(true);
    expect(isEarlier(moment('a', '10:00'), moment('a', '10:00'))).toBe(false);
  });

  it('of a deployment are when it began to serve and when it failed', () => {
    const ended_at = '2026-11-21T11:00:00.000Z';
    expect(momentsOf(deployment({ id: 'd', status: 'ROLLED_BACK', ended_at }))).toEqual({
      live: moment('d', '10:05'),
      failed: moment('d', '11:00'),
    });
    expect(momentsOf(withoutLife({ id: 'd', status: 'FAILED' }))).toEqual({ failed: moment('d', '10:05') });
    expect(momentsOf(deployment({ status: 'PENDING' }))).toEqual({});
  });

  it('of one that was recorded later, without a word of when it served, stand where it was recorded', () => {
    const created_at = '2026-11-30T10:00:00.000Z';
    const { completed_at: _, ...late } = deployment({ recorded: true, created_at, live_at: created_at });
    expect(momentsOf(late)).toEqual({ live: { id: late.id, at: created_at } });
  });
});

describe('a failure is ended', () => {
  const ended = (live: Moment, before: readonly Moment[], ...failures: readonly Moment[]) =>
    endedBy(live, before, failures).map(({ id }) => id);
  const live = moment('live', '10:00');

  it('by the first that serves at that instant or later', () => {
    expect(ended(live, [], moment('f', '09:00'), moment('g', '10:00'), moment('h', '10:01'))).toEqual([
      'f',
      'g',
    ]);
  });

  it('by no second one', () => {
    const before = [moment('p', '09:30'), moment('q', '09:00')];
    expect(ended(live, before, moment('f', '09:29'), moment('g', '09:30'), moment('h', '09:31'))).toEqual([
      'h',
    ]);
  });

  it('by another deployment than the one that failed, also where that failed as soon as it served', () => {
    const before = [moment('p', '09:30'), moment('q', '09:00')];
    expect(ended(live, before, moment('p', '09:30'))).toEqual(['p']);
    expect(ended(live, before, moment('live', '10:00'))).toEqual([]);
    expect(ended(live, [moment('p', '09:30'), moment('q', '09:30')], moment('p', '09:30'))).toEqual([]);
  });
});
