import { describe, expect, it } from 'vitest';
import { placeOf } from '../../web/delivery/place.ts';

const parts = [60, 600, 6_000, null].map((upToSeconds) => ({ upToSeconds, count: 1 }));

describe('where a length falls along a distribution', () => {
  it.each([
    [0, 0],
    [30, 0.5],
    [60, 1],
    [600, 2],
    [60 * Math.sqrt(10), 1.5],
    [6_000, 3],
    [6_001, 3.5],
    [1e9, 3.5],
  ])('%f s at %f', (seconds, place) => {
    expect(placeOf(parts, seconds)).toBeCloseTo(place, 6);
  });

  it('is its end, where it is longer than all of them', () => {
    expect(placeOf(parts.slice(0, 2), 601)).toBe(2);
  });
});
