import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from 'semver';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../functions/contract/version.ts';
import { git, releases, root } from '../support/releases.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const { next, released } = releases;
const versions = [next.version, ...released.map(({ version }) => version)];

describe('docs/releases.json', () => {
  it('agrees with the package, its lock, and what answers say', () => {
    expect(JSON.parse(read('package.json')).version).toBe(next.version);
    expect(VERSION).toBe(next.version);
    const lock = JSON.parse(read('package-lock.json'));
    expect([lock.version, lock.packages[''].version]).toEqual([next.version, next.version]);
  });

  it('names the versions of the changelog, the newest first', () => {
    const sections = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
    expect(sections.map((title, at) => (at === 0 ? title.replace(' (unreleased)', '') : title))).toEqual(
      versions,
    );
    expect(versions.toSorted(compare).toReversed()).toEqual(versions);
  });

  it('has a section in the changelog that says what an operator must do, for the next version', () => {
    const [, section = ''] = read('CHANGELOG.md').split(/^## .+$/m);
    expect(section).toMatch(/^### What an operator must do\n\n- \S/m);
  });

  it('never lowers the format', () => {
    const formats = [next, ...released].map(({ format }) => format);
    expect(formats.toSorted((a, b) => b - a)).toEqual(formats);
  });

  // A copy without git, or without its whole history, holds nothing to compare with.
  const known = released.filter(({ commit }) => git('cat-file', '-e', `${commit}^{commit}`) !== undefined);
  it.skipIf(known.length === 0)(
    'names commits before this one, whose package has the version, and their tags',
    () => {
      for (const { version, commit } of known) {
        expect(git('merge-base', '--is-ancestor', commit, 'HEAD'), commit).toBe('');
        expect(JSON.parse(git('show', `${commit}:package.json`) ?? '{}').version, commit).toBe(version);
        const tagged = git('rev-list', '-n', '1', `v${version}`);
        if (tagged !== undefined) expect(tagged).toBe(commit);
      }
    },
  );
});
