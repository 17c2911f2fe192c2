import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programPath, skipLoudly } from '../support/programs.ts';

export const JUDGE = join(import.meta.dirname, '../../docs/judge/judge.py');
export const PAGE = join(import.meta.dirname, '../../docs/legitimacy.md');

/** `describe.skipIf(skipWithoutPython())`. */
export const skipWithoutPython = (): boolean =>
  skipLoudly(
    'of the judge in Python',
    programPath('python3') === undefined ? 'python3 is not there' : undefined,
  );

// biome-ignore lint/suspicious/noExplicitAny: an export as others read it, to be falsified at will
export type Item = any;

/** The items of an export, as their own copy. */
export const itemsOf = (lines: readonly string[]): Item[] => lines.map((line) => JSON.parse(line));

/** The events of a promotion in an export. */
export const eventsIn = (items: readonly Item[], id = 'prom-0001') =>
  items.filter(({ chain }) => chain === `promotion/${id}`).map(({ event }) => event);

/** An event of the promotion by its type. */
export const eventIn = (items: readonly Item[], type: string) =>
  eventsIn(items).find(({ event }) => event.type === type);

/** What the judge says of exports, by name: the exit code of all, and the lines of each. */
export function judged(
  exports: Readonly<Record<string, readonly Item[]>>,
  ...words: readonly string[]
): { readonly code: number | null; readonly out: string; of(name: string): string } {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-judge-'));
  for (const [name, items] of Object.entries(exports)) {
    writeFileSync(
      join(folder, `${name}.jsonl`),
      items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item))).join('\n'),
    );
  }
  const { status, stdout, stderr } = spawnSync('python3', [JUDGE, ...words, folder], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const out = `${stdout}${stderr}`;
  const of = (name: string) =>
    out
      .split('\n')
      .filter((line) => line.includes(`/${name}.jsonl `))
      .map((line) => line.slice(line.indexOf('.jsonl ') + 7))
      .join('\n');
  return { code: status, out, of };
}

/** What a program in Python prints that has loaded the judge as `judge`. */
export const withJudge = (program: string): string =>
  execFileSync(
    'python3',
    ['-c', `import sys\nsys.path.insert(0, sys.argv[1])\nimport judge\n${program}`, join(JUDGE, '..')],
    {
      encoding: 'utf8',
    },
  );

/** The rows of docs/legitimacy.md: each with its name, what makes it illegitimate, and its example. */
export const rowsOfThePage = (): readonly (readonly string[])[] =>
  readFileSync(PAGE, 'utf8')
    .split('\n')
    .filter((line) => /^\| J\d+ \|/.test(line))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
