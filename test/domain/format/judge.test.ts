import { describe, expect, it } from 'vitest';
import { judgeKeys, judgeNumber, type Told } from '../../../functions/domain/format/judge.ts';
import { FORMAT, type FormatNumber, RELEASE, whyClosed } from '../../../functions/domain/format/number.ts';
import manifest from '../../../package.json' with { type: 'json' };

const number = (more: Partial<FormatNumber> = {}): FormatNumber => ({
  format: 1,
  readable_from: 1,
  written_by: 'sluice 9.9.9',
  at: '2026-11-24T12:00:00.000Z',
  ...more,
});

describe('a table with a number', () => {
  it.each([
    ['its own', number(), 1],
    ['an older one', number(), 2],
    ['a newer one that says that older code still reads it', number({ format: 3, readable_from: 2 }), 2],
  ])('is served by code that reads %s', (_, found, known) => {
    expect(whyClosed(found, known)).toBeUndefined();
  });

  it('is served by no code that is older than what may read it, and the sentence names the release that may', () => {
    const why = whyClosed(number({ format: 3, readable_from: 3 }), 2);
    expect(why).toContain('format 3');
    expect(why).toContain('this code reads format 2');
    expect(why).toContain('sluice 9.9.9');
    expect(judgeNumber(number({ format: FORMAT + 1, readable_from: FORMAT + 1 })).verdict).toBe('refuse');
    expect(judgeNumber(number())).toEqual({ verdict: 'serve' });
  });
});

describe('a table without a number', () => {
  const told = (more: Partial<Told>): Told => ({ items: 10, first: 0, before: 0, ...more });

  it('is served by no code', () => {
    expect(whyClosed(undefined)).toMatch(/no format number/);
  });

  it('gets today’s format where it is empty, and 1 where code of format 1 wrote it', () => {
    expect(judgeKeys(told({ items: 0 }))).toEqual({ verdict: 'stamp', format: FORMAT });
    expect(judgeKeys(told({ first: 3 }))).toEqual({ verdict: 'stamp', format: 1 });
  });

  it.each([
    ['the code before format 1 wrote it', told({ before: 3 }), /before format 1/],
    ['both wrote it', told({ first: 1, before: 1 }), /two releases wrote this table in turn/],
    ['one item is of no release', told({ first: 3, foreign: 'users / 7' }), /users \/ 7/],
    ['no item tells', told({}), /nothing in this table tells/],
  ])('is refused by name where %s', (_, facts, why) => {
    expect(judgeKeys(facts)).toEqual({ verdict: 'refuse', why: expect.stringMatching(why) });
  });
});

it('a number names the release of this code', () => {
  expect(RELEASE).toBe(`sluice ${manifest.version}`);
});
