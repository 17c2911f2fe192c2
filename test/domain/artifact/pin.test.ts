import { describe, expect, it } from 'vitest';
import { brokenBy, pinOf, type Received, updatesOf } from '../../../functions/domain/artifact/pin.ts';
import { consumer } from '../../ports/catalog-samples.ts';

const versions = ['1.1.0', '1.2.0', '1.2.9', '1.10.0', '2.0.0-rc.1'];
const own: Received = { active: '1.2.9', versions };
const pinned = (constraint: string, there = own) => pinOf(constraint, there, undefined);

describe('a pin', () => {
  it.each([
    ['1.2.0', '1.2.0'],
    ['v1.2.0', '1.2.0'],
    ['^1.2.0', '1.10.0'],
    ['~1.2.0', '1.2.9'],
    ['>=1.2.0,<2.0.0', '1.10.0'],
    ['v1.2.*', '1.2.9'],
    ['2.0.0-rc.1', '2.0.0-rc.1'],
    ['>=2.0.0-rc.0', '2.0.0-rc.1'],
  ])('%s takes %s of what the environment received', (constraint, version) => {
    expect(pinned(constraint)).toEqual({ status: 'satisfied', version, warning: null });
  });

  it('that nothing satisfies says what there is, highest first', () => {
    expect(pinned('^3.0.0')).toEqual({
      status: 'unsatisfied',
      warning: null,
      reason:
        'no version satisfies ^3.0.0: the highest that the environment received are 2.0.0-rc.1, 1.10.0, 1.2.9, 1.2.0, 1.1.0',
    });
    const nothing = { active: undefined, versions: [] };
    expect(pinned('^1.0.0', nothing)).toMatchObject({ reason: expect.stringContaining('received none') });
  });

  it('takes no prerelease that it does not name', () => {
    expect(pinned('>=2.0.0')).toMatchObject({ status: 'unsatisfied' });
  });

  it('of latest takes what is active there, with a warning', () => {
    const warning = 'latest-prod moves with every promotion: name a version or a range';
    const taken = { status: 'satisfied', version: '1.1.0', warning };
    expect(pinOf('latest-prod', own, { active: '1.1.0', versions })).toEqual(taken);
    expect(pinOf('latest-prod', own, undefined)).toEqual({
      status: 'unsatisfied',
      reason: 'there is no environment prod',
      warning,
    });
    expect(pinOf('latest-prod', own, { active: undefined, versions: [] })).toMatchObject({
      reason: 'nothing is active in prod',
    });
  });

  it.each(['>=', '^^1', '1.2.3; rm', ''])('%j is invalid and says why', (constraint) => {
    expect(pinned(constraint)).toMatchObject({ status: 'invalid', reason: expect.stringMatching(/./) });
  });
});

describe('available updates', () => {
  const published = [...versions, '1.2.10', '3.0.0'];

  it('are what is published above, told apart by whether the constraint takes them', () => {
    expect(updatesOf('~1.2.0', '1.2.9', published)).toEqual([
      { version: '1.2.10', allowed: true, change: 'patch' },
      { version: '1.10.0', allowed: false, change: 'minor' },
      { version: '3.0.0', allowed: false, change: 'major' },
    ]);
  });

  it('name a prerelease only where the constraint takes it', () => {
    expect(updatesOf('>=2.0.0-rc.0', undefined, ['2.0.0-rc.1'])).toEqual([
      { version: '2.0.0-rc.1', allowed: true, change: 'prerelease' },
    ]);
    expect(updatesOf('^1.0.0', '1.2.9', ['2.0.0-rc.1'])).toEqual([]);
  });

  it('are none above the highest, and all allowed where the newest is followed', () => {
    expect(updatesOf('^3.0.0', '3.0.0', published)).toEqual([]);
    expect(updatesOf('latest-prod', '1.10.0', published).every(({ allowed }) => allowed)).toBe(true);
  });
});

describe('a version that goes live', () => {
  const at = { artifact: 'platform', environment: 'production' };
  const pins = (...constraints: string[]) =>
    constraints.map((constraint, n) => ({ ...consumer(`cons-${n}`), constraint }));

  it('breaks the consumers there that do not take it', () => {
    const all = pins('^1.2.0', '~1.1.0', 'latest-prod', '1.2.3');
    expect(brokenBy(all, { ...at, version: '1.2.3' }).map(({ constraint }) => constraint)).toEqual([
      '~1.1.0',
    ]);
    const old = brokenBy(all, { ...at, version: '1.1.0' });
    expect(old.map(({ constraint }) => constraint)).toEqual(['^1.2.0', '1.2.3']);
  });

  it('breaks nobody elsewhere, and counts a constraint that nobody can read', () => {
    expect(brokenBy(pins('^2.0.0'), { ...at, environment: 'staging', version: '1.0.0' })).toEqual([]);
    expect(brokenBy(pins('^2.0.0'), { ...at, artifact: 'other', version: '1.0.0' })).toEqual([]);
    expect(brokenBy(pins('>='), { ...at, version: '1.0.0' })).toHaveLength(1);
  });
});
