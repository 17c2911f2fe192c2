import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { releases, root } from '../support/releases.ts';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const page = read('docs/install.md');
const found = (pattern: RegExp): string[] => [...page.matchAll(pattern)].map(([, what = '']) => what);

describe('docs/install.md', () => {
  it('names the files of the version that comes next', () => {
    const versions = found(/sluice-(?:local|cli|action|aws)-(\d[\w.]*?)\.(?:tgz|zip)/g);
    expect(versions.length).toBeGreaterThan(4);
    expect(new Set(versions)).toEqual(new Set([releases.next.version]));
  });

  it('names files that a release has', () => {
    const { version } = releases.next;
    const made = read('packaging/README.md').replaceAll('-V.', `-${version}.`);
    for (const file of found(/`(?:\.\/)?(sluice[\w.-]*\.(?:mjs|tgz|zip)|Containerfile|SHA256SUMS)\b/g))
      expect(made, file).toContain(`\`${file}\``);
  });

  it('deploys with the version of the CDK that docs/releases.json names, which is the one that synthesizes', () => {
    const versions = found(/aws-cdk@([\w.]+)/g);
    expect(versions.length).toBeGreaterThan(1);
    expect(new Set(versions)).toEqual(new Set([releases.aws_cdk]));
    expect(found(/npx (aws-cdk[^@\w])/g)).toEqual([]);
    expect(JSON.parse(read('package.json')).devDependencies['aws-cdk']).toBe(releases.aws_cdk);
  });

  it('has a row for the upgrade and the way back of each way in', () => {
    const rows = (heading: string) =>
      (page.split(`${heading}\n`)[1]?.trim() ?? '')
        .split('\n\n')
        .find((part) => part.startsWith('|'))
        ?.split('\n').length ?? 0;
    expect(rows('# Installing Sluice')).toBe(8);
    expect(rows('## Upgrade, and the way back')).toBe(rows('# Installing Sluice'));
  });
});
