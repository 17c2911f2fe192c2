import fc from 'fast-check';
import { compare, prerelease } from 'semver';
import { describe, expect, it } from 'vitest';
import { highest, isAllowed, parseConstraint } from '../../../functions/domain/artifact/constraint.ts';
import { parseReference } from '../../../functions/domain/artifact/reference.ts';
import { isArtifactName, isRepositoryPath } from '../../../functions/domain/artifact/repository-path.ts';
import { sortableVersion } from '../../../functions/domain/artifact/sortable-version.ts';
import {
  isTag,
  latestTag,
  namesEnvironment,
  rollbackTag,
  versionTag,
} from '../../../functions/domain/artifact/tags.ts';
import { parseVersion } from '../../../functions/domain/artifact/version.ts';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';

const number = fc.oneof(fc.nat(12), fc.constantFrom(99, 100, 2 ** 53 - 1));
const identifier = fc.oneof(
  number.map(String),
  fc.stringMatching(/^[0-9A-Za-z-]{0,3}[A-Za-z-][0-9A-Za-z-]{0,3}$/),
);
const version = fc
  .tuple(number, number, number, fc.array(identifier, { maxLength: 3 }))
  .map(
    ([major, minor, patch, rest]) =>
      `${major}.${minor}.${patch}${rest.length > 0 ? `-${rest.join('.')}` : ''}`,
  );

describe('a version', () => {
  it.each([
    ['1.2.3', '1.2.3'],
    ['v1.2.3', '1.2.3'],
    ['v0.0.0-alpha.1', '0.0.0-alpha.1'],
    [`1.0.0-${'a'.repeat(58)}`, `1.0.0-${'a'.repeat(58)}`],
  ])('%s is %s, and keeps how it was written', (text, plain) => {
    expect(parseVersion(text)).toEqual({ version: plain, label: text });
  });

  it.each([
    '',
    '1.2',
    'vv1.2.3',
    'V1.2.3',
    '1.2.3\n',
    ' 1.2.3',
    '1.2.3 ',
    '01.2.3',
    '1.2.3-01',
    '1.2.3-',
    '1.2.3+build',
    '1.2.3-a..b',
    '1.2.3-ä',
    '１.2.3',
    '../1.2.3',
    'latest',
    'latest-prod',
    '9007199254740992.0.0',
    `1.0.0-${'a'.repeat(59)}`,
    `1.0.0-${'a'.repeat(129)}`,
  ])('is not %j', (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });

  it('sorts as a text in the order of its precedence', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [one, other] = [sortableVersion(a), sortableVersion(b)];
        const order = one < other ? -1 : one > other ? 1 : 0;
        expect(order).toBe(compare(a, b));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['', '1.2', 'v1.2.3', '1.2.3-', 'latest'])('sorts nothing for %j', (text) => {
    expect(() => sortableVersion(text)).toThrow(`not a version: ${text}`);
  });
});

describe('tags', () => {
  const [dev, , production] = DEFAULT_PIPELINE('2026-11-22T00:00:00.000Z');

  it('are those of the artifact document', () => {
    expect(dev && versionTag('v1.2.3', dev)).toBe('v1.2.3-dev');
    expect(production && latestTag(production)).toBe('latest-prod');
    expect(production && rollbackTag('v1.2.2', production)).toBe('v1.2.2-prod-rollback');
  });

  it.each(['v1.2.3-prod', '1.2.3-production', '1.2.3-rc.1-DEV', '1.2.3-prod-rollback'])(
    '%s names an environment',
    (text) => {
      expect(namesEnvironment(text, DEFAULT_PIPELINE('2026-11-22T00:00:00.000Z'))).toBe(true);
    },
  );

  it('of every version and the usual suffixes are tags', () => {
    fc.assert(
      fc.property(version, (text) => {
        if (parseVersion(text) === undefined || production === undefined) return;
        expect(isTag(rollbackTag(text, production))).toBe(true);
        expect(prerelease(text)?.join('.') ?? '').toBe(text.split('-').slice(1).join('-'));
      }),
    );
  });
});

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('a reference', () => {
  it.each([
    ['build-42', { at: 'build-42' }],
    [DIGEST, { at: DIGEST }],
    ['platform:build-42', { path: 'platform', at: 'build-42' }],
    ['team/platform:build-42', { path: 'team/platform', at: 'build-42' }],
    ['registry.acme.com/team/platform:1', { host: 'registry.acme.com', path: 'team/platform', at: '1' }],
    ['localhost:5000/platform:1', { host: 'localhost:5000', path: 'platform', at: '1' }],
    [`registry.acme.com/platform@${DIGEST}`, { host: 'registry.acme.com', path: 'platform', at: DIGEST }],
    [`platform:1@${DIGEST}`, { path: 'platform', at: DIGEST }],
  ])('%s is read', (text, read) => {
    expect(parseReference(text)).toEqual(read);
  });

  it.each([
    '',
    'team/platform',
    ':1',
    'platform:',
    'platform:a b',
    'platform@sha256:00',
    '../x',
    'a:b:c/d',
    '@',
    `platform:a b@${DIGEST}`,
    `platform:1@${DIGEST}x`,
  ])('%j is none', (text) => {
    expect(parseReference(text)).toBeUndefined();
  });
});

describe('names', () => {
  it.each(['platform', 'my-app', 'my_app', 'my__app', 'a.b', '0', 'a'.repeat(128)])(
    '%s names an artifact',
    (text) => {
      expect(isArtifactName(text)).toBe(true);
    },
  );

  it.each(['', 'Platform', 'a/b', '-a', 'a-', 'a..b', 'a___b', '..', 'a\n', 'ä', 'a'.repeat(129)])(
    '%j names none',
    (text) => {
      expect(isArtifactName(text)).toBe(false);
    },
  );

  it('of repositories have slashes', () => {
    expect(['team/platform', 'a/b/c'].every(isRepositoryPath)).toBe(true);
    expect(['team/', '/team', 'team//platform', 'team/..'].some(isRepositoryPath)).toBe(false);
  });
});

describe('a constraint', () => {
  const published = ['1.2.0', '1.2.9', '1.10.0', '2.0.0', '2.1.0-rc.1'];

  it.each([
    ['1.2.0', '1.2.0'],
    ['v1.2.0', '1.2.0'],
    ['^1.2.0', '1.10.0'],
    ['~1.2.0', '1.2.9'],
    ['>=1.2.0, <2.0.0', '1.10.0'],
    ['>=1.2.0,<2.0.0', '1.10.0'],
    ['v1.2.*', '1.2.9'],
    ['1.2.x || 2', '2.0.0'],
    ['*', '2.0.0'],
    ['2.1.0-rc.1', '2.1.0-rc.1'],
    ['^2.1.0-rc.0', '2.1.0-rc.1'],
    ['^3.0.0', undefined],
  ])('%s takes %s', (text, best) => {
    const constraint = parseConstraint(text);
    expect('range' in constraint && highest(published, constraint.range)).toBe(best ?? undefined);
  });

  it('may name what is active in an environment', () => {
    expect(parseConstraint('latest-prod')).toEqual({ latest: 'prod' });
  });

  it.each(['', 'prod', '1.2.3\n', '>=', '^^1', 'x'.repeat(300), '1.2.3; rm'])(
    '%j is refused with a reason',
    (text) => {
      expect(parseConstraint(text)).toHaveProperty('invalid');
    },
  );

  it('allows a prerelease only where it is named', () => {
    expect(isAllowed('2.1.0-rc.1', '>=2.0.0')).toBe(false);
    expect(isAllowed('2.1.0-rc.1', '2.1.0-rc.1')).toBe(true);
  });
});
