import { describe, expect, it } from 'vitest';
import {
  countOf,
  merged,
  percentile,
  rounded,
  withLength,
} from '../../../functions/domain/deployment/distribution.ts';

const HOUR = 3_600;
const WEEK = 7 * 24 * HOUR;

describe('a length of time', () => {
  it.each([
    ['below an hour: to the second', 59.6, 60],
    ['just below an hour: to the second', HOUR - 1, HOUR - 1],
    ['of an hour and half a minute: to the minute above', HOUR + 30, HOUR + 60],
    ['of an hour and 29 seconds: to the minute below', HOUR + 29, HOUR],
    ['just below a week: to the minute', WEEK - 61, WEEK - 60],
    ['of a week and 29 minutes: to the hour below', WEEK + 29 * 60, WEEK],
    ['beyond a week: to the hour', WEEK + 31 * 60, WEEK + HOUR],
  ])('%s', (_, seconds, counted) => {
    expect(rounded(seconds)).toBe(counted);
  });
});

describe('a distribution', () => {
  it('counts each length as often as it occurred, shortest first', () => {
    const two = withLength(withLength([], 90, 1), 7, 1);
    expect(two).toEqual([
      [7, 1],
      [90, 1],
    ]);
    expect(withLength(two, 90, 1)).toEqual([
      [7, 1],
      [90, 2],
    ]);
  });

  it('counts lengths as they are rounded', () => {
    expect(withLength([[HOUR, 1]], HOUR + 29, 1)).toEqual([[HOUR, 2]]);
  });

  it('forgets a length that was taken out as often as it was put in', () => {
    expect(withLength([[7, 2]], 7, -1)).toEqual([[7, 1]]);
    expect(withLength([[7, 1]], 7, -1)).toEqual([]);
  });

  it('of several holds the lengths of all, shortest first', () => {
    const all = merged([
      [
        [5, 1],
        [30, 2],
      ],
      [],
      [
        [5, 2],
        [9, 1],
      ],
    ]);
    expect(all).toEqual([
      [5, 3],
      [9, 1],
      [30, 2],
    ]);
    expect(countOf(all)).toBe(6);
    expect(countOf([])).toBe(0);
  });
});

describe('a percentile', () => {
  it('of nothing is not known', () => {
    expect(percentile([], 0.5)).toBeNull();
  });

  it('of one length is that length', () => {
    expect(percentile([[42, 1]], 0.5)).toBe(42);
    expect(percentile([[42, 1]], 0.9)).toBe(42);
  });

  it('lies on the middle of an odd number, and halfway between the middle two of an even one', () => {
    expect(
      percentile(
        [
          [10, 1],
          [20, 1],
          [60, 1],
        ],
        0.5,
      ),
    ).toBe(20);
    expect(
      percentile(
        [
          [10, 2],
          [20, 2],
        ],
        0.5,
      ),
    ).toBe(15);
  });

  it('counts a length as often as it occurred', () => {
    expect(
      percentile(
        [
          [10, 3],
          [100, 1],
        ],
        0.5,
      ),
    ).toBe(10);
  });

  it('is interpolated by how far its rank lies between two', () => {
    // Four lengths: rank 0.9 × 3 = 2.7, between the third (30) and the fourth (50).
    expect(
      percentile(
        [
          [10, 1],
          [20, 1],
          [30, 1],
          [50, 1],
        ],
        0.9,
      ),
    ).toBeCloseTo(44, 9);
  });

  it('of all is the longest, of none the shortest', () => {
    const lengths = [
      [10, 1],
      [20, 2],
    ] as const;
    expect(percentile(lengths, 1)).toBe(20);
    expect(percentile(lengths, 0)).toBe(10);
  });

  it('of a share beyond all is an error of the caller', () => {
    expect(() => percentile([[10, 2]], 2)).toThrow('no rank 2 of 2');
  });
});
