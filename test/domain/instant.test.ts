import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDuration,
  durationMilliseconds,
  earliest,
  hoursBetween,
  isBefore,
  isDuration,
  isInstant,
  milliseconds,
  spokenInstant,
  toInstant,
} from '../../functions/domain/instant.ts';

const instants = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('an instant', () => {
  it('is spoken by its day, and a text that is none as it is', () => {
    expect(spokenInstant('2026-03-12T15:06:59+01:00')).toBe('Thu 2026-03-12 14:06 UTC');
    expect(spokenInstant('soon')).toBe('soon');
  });

  it('has a number of milliseconds, and no other text has', () => {
    expect(milliseconds('1970-01-01T00:00:01.500Z')).toBe(1_500);
    expect(milliseconds('1970-01-01T01:00:01+01:00')).toBe(1_000);
    for (const text of ['1970-01-01', '1970-01-01T00:00', 'yesterday', ''])
      expect(() => milliseconds(text)).toThrow(`${text} is not an instant`);
  });

  it.each([
    ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00.000Z'],
    ['2026-11-21T12:00:00.5Z', '2026-11-21T12:00:00.500Z'],
    ['2026-11-21T12:00:00.123456789Z', '2026-11-21T12:00:00.123Z'],
    ['2026-11-21T13:00:00+01:00', '2026-11-21T12:00:00.000Z'],
    ['2026-11-21T00:30:00-23:59', '2026-11-22T00:29:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s in UTC', (text, expected) => {
    expect(toInstant(text)).toBe(expected);
  });

  it.each([
    '',
    'now',
    '2026-11-21',
    '2026-11-21 12:00:00Z',
    '2026-11-21T12:00:00',
    '2026-11-21T12:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T12:60:00Z',
    '2026-11-21T12:00:60Z',
    '2026-11-31T12:00:00Z',
    '2026-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-11-00T12:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '+02026-11-21T12:00:00Z',
    '2026-11-21T12:00:00Z\n',
    '1700000000000',
  ])('%j is none', (text) => {
    expect(isInstant(text)).toBe(false);
  });

  it('in its canonical form sorts as text does', () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        expect(isBefore(a, b)).toBe(a < b);
        expect(toInstant(a)).toBe(a);
        expect(earliest(a, b)).toBe(a < b ? a : b);
      }),
    );
  });

  it('is compared by what it means, not by its text', () => {
    expect(isBefore('2026-11-21T13:00:00+02:00', '2026-11-21T12:00:00Z')).toBe(true);
    expect(() => isBefore('soon', '2026-11-21T12:00:00Z')).toThrow(RangeError);
  });
});

describe('a duration', () => {
  it.each([
    ['P7D', 604_800_000],
    ['P1W', 604_800_000],
    ['PT24H', 86_400_000],
    ['P1DT1H1M1.5S', 90_061_500],
    ['-PT1M', -60_000],
    ['PT0S', 0],
  ])('%s is %d ms', (text, expected) => {
    expect(durationMilliseconds(text)).toBe(expected);
  });

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'P1Y',
    'P1M',
    'P1W1D',
    '7D',
    'P-7D',
    'PT1.5H',
    'p7d',
    'P1D\n',
    'P9999999D',
  ])('%j is none', (text) => {
    expect(isDuration(text)).toBe(false);
  });

  it('is added and taken away again', () => {
    fc.assert(
      fc.property(instants, fc.nat(100_000), (instant, seconds) => {
        const later = addDuration(instant, `PT${seconds}S`);
        expect(addDuration(later, `-PT${seconds}S`)).toBe(instant);
        expect(hoursBetween(instant, later)).toBe(seconds / 3_600);
      }),
    );
    expect(() => addDuration('2026-11-21T12:00:00Z', 'P1Y')).toThrow(RangeError);
  });

  it('of exactly 24 hours is exactly 24', () => {
    expect(hoursBetween('2026-11-21T12:00:00.000Z', '2026-11-22T12:00:00.000Z')).toBe(24);
    expect(hoursBetween('2026-11-21T12:00:00.001Z', '2026-11-22T12:00:00.000Z')).toBeLessThan(24);
  });
});
