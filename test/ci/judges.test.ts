import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { programPath, skipLoudly, skipWithout } from '../support/programs.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

/** Each with what makes it say its version. */
const JUDGES = [
  ['skopeo', '--version'],
  ['docker-registry', '--version'],
  ['chromium', '--version'],
  ['tmux', '-V'],
  ['zsh', '--version'],
  ['fish', '--version'],
  ['regctl', 'version'],
  ['crane', 'version'],
  ['registry', '--version'],
  ['tessera-fsck', '-h'],
  ['redocly', '--version'],
  ['spectral', '--version'],
  ['openapi-typescript', '--version'],
  ['openapi-ts', '--version'],
  ['openapi-python-client', '--version'],
  ['actionlint', '--version'],
  ['zizmor', '--version'],
  ['ministack', '--help'],
  ['unzip', '-v'],
] as const;

describe('a program that others wrote and .ci/judges gets', () => {
  for (const [name, ask] of JUDGES) {
    it.skipIf(skipWithout(name))(`${name} runs here`, async () => {
      const { stdout, stderr } = await run(programPath(name) ?? name, [ask]);
      expect(`${stdout}${stderr}`).toMatch(/\d|usage/);
    });
  }
});

describe('what is missing', () => {
  it('skips loudly on a terminal and fails in CI', () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.stubEnv('CI', 'false');
    expect(skipLoudly('with x', undefined)).toBe(false);
    expect(skipLoudly('with x', 'there is no x')).toBe(true);
    expect(said).toHaveBeenCalledExactlyOnceWith('\nSKIPPED, NOT PASSED: every test with x: there is no x\n');
    vi.stubEnv('CI', 'true');
    expect(() => skipLoudly('with x', 'there is no x')).toThrow('there is no x');
    vi.unstubAllEnvs();
    said.mockRestore();
  });
});

describe('the count of .ci/run', () => {
  const passed = { status: 'passed', fullName: 'a' };
  const report = (...files: readonly object[]) => JSON.stringify({ testResults: files });

  it.each([
    ['two runs', [report(file(passed)), report(file(passed, passed))], '3 passed, 0 failed', 0],
    ['a failed test', [report(file(passed, { status: 'failed', fullName: 'b' }))], '1 passed, 1 failed', 1],
    ['a skipped test', [report(file(passed, { status: 'pending', fullName: 'b' }))], '1 passed, 1 failed', 1],
    [
      'a file that did not load',
      [report(file(passed), { ...file(), status: 'failed' })],
      '1 passed, 1 failed',
      1,
    ],
    ['a run without a report', [report(file(passed)), ''], '1 passed, 1 failed', 1],
    ['nothing at all', [report()], '0 passed, 0 failed', 1],
  ] as const)('is true of %s', async (_, texts, line, code) => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-count-'));
    const paths = texts.map((_, n) => join(folder, `${n}.json`));
    for (const [n, path] of paths.entries()) await writeFile(path, texts[n] ?? '');
    const counted = await run(process.execPath, [join(root, '.ci/count.mjs'), ...paths]).then(
      ({ stdout }) => ({ stdout, code: 0 }),
      (error: { stdout: string; code: number }) => error,
    );
    expect(counted.stdout.trimEnd().split('\n').at(-1)).toBe(line);
    expect(counted.code).toBe(code);
  });

  function file(...assertionResults: readonly object[]) {
    return { name: 'x.test.ts', status: 'passed', message: '', assertionResults };
  }
});
