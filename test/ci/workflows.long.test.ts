import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { programPath, skipWithout } from '../support/programs.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const workflows = (await readdir(join(root, '.github/workflows'))).map((name) => `.github/workflows/${name}`);

describe('workflows and the action', () => {
  it.skipIf(skipWithout('actionlint'))('have no finding of actionlint', async () => {
    const { stdout } = await run(programPath('actionlint') ?? '', workflows, { cwd: root });
    expect(stdout).toBe('');
  });

  it.skipIf(skipWithout('zizmor'))('have no finding of zizmor', async () => {
    const files = [...workflows, 'action.yml'];
    const { stdout, stderr } = await run(programPath('zizmor') ?? '', ['--offline', ...files], { cwd: root });
    expect(`${stdout}${stderr}`).toContain('No findings to report');
  });

  it('pin every action by commit, with its version beside it', async () => {
    const texts = await Promise.all(
      [...workflows, 'action.yml'].map((file) => readFile(join(root, file), 'utf8')),
    );
    const uses = texts.flatMap((text) =>
      [...text.matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, used]) => used),
    );
    expect(uses.length).toBeGreaterThan(5);
    expect(uses.filter((used = '') => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used))).toEqual([]);
  });
});
