import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter } from 'vitest/node';
import { EXPECTED, NOT_JUDGED } from '../judge/expected.ts';

const JUDGE = join(import.meta.dirname, '../../docs/judge/judge.py');
const LINE = /^\S*?([^/\s]+)~\S+ (\S+) (illegitimate|not judged): (.*)$/;

/** What the judge says of one promotion or change of one test file. */
export type Verdict = {
  readonly file: string;
  readonly subject: string;
  readonly verdict: string;
  readonly why: string;
};

/** Reads the lines of the judge that are not `legitimate`. */
export function verdictsIn(output: string): readonly Verdict[] {
  return output.split('\n').flatMap((line) => {
    const [, name = '', subject = '', verdict = '', why = ''] = LINE.exec(line) ?? [];
    return name === '' ? [] : [{ file: name.replaceAll('=', '/'), subject, verdict, why }];
  });
}

/** The verdicts that no list expects: a fault of the product, a test that goes past the API, or a fault of the judge. */
export function unexpected(verdicts: readonly Verdict[]): readonly Verdict[] {
  return verdicts.filter(({ file, verdict, why }) =>
    verdict === 'illegitimate'
      ? !why.split('; ').every((one) => EXPECTED.some((each) => each.file === file && each.why.test(one)))
      : !NOT_JUDGED.some((each) => each.file === file),
  );
}

/**
 * Judges, at the end of a run and in one process of Python, everything that its tests completed: the judge knows the exports and
 * docs/legitimacy.md alone. What it calls illegitimate fails the run, and so does what it cannot judge, unless a list says why.
 */
export const judgeReporter = (directory: string): Reporter => ({
  onTestRunEnd() {
    if (!existsSync(directory)) return;
    const judged = spawnSync('python3', [JUDGE, '--quiet', directory], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    rmSync(directory, { recursive: true, force: true });
    if (judged.error !== undefined) {
      console.log('\n NOT JUDGED: python3 is not there, so nobody looked at what these tests completed.');
      if (process.env['CI'] !== undefined) process.exitCode = 1;
      return;
    }
    const summary = judged.stdout.trim().split('\n').at(-1);
    const bad = unexpected(verdictsIn(judged.stdout));
    const broken = ![0, 16, 17].includes(judged.status ?? 2);
    if (!broken && bad.length === 0) {
      console.log(`\n Judged by docs/judge/judge.py: ${summary}`);
      return;
    }
    process.exitCode = 1;
    const lines = bad.map(({ file, subject, verdict, why }) => `  ${file} ${subject} ${verdict}: ${why}`);
    console.log(
      ['', ' The judge finds what no list in test/judge/expected.ts expects:', ...lines].join('\n'),
    );
    if (broken) console.log(` The judge could not read an export: ${judged.stderr}`);
  },
});
