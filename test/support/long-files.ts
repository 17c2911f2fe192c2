import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What makes a file one for the long tests: cases that a seed decides on, and counts that are higher there. */
const MARKS = [/from 'fast-check'/, /\/support\/length\.ts'/, /from '\.\/length\.ts'/];

/** The test files that import such a thing, also through others, and those that are named so. */
export function longFiles(root: string): string[] {
  const known = new Map<string, boolean>();
  const isLong = (file: string): boolean => {
    const found = known.get(file);
    if (found !== undefined) return found;
    known.set(file, false);
    // Some tests write modules as texts: what these import is nowhere.
    if (!existsSync(join(root, file))) return false;
    const text = readFileSync(join(root, file), 'utf8');
    const imported = Array.from(
      text.matchAll(/^(?:import|export|\}).* from '(\.[^']*\.ts)'/gm),
      ([, path = '']) => join(dirname(file), path),
    );
    const long =
      MARKS.some((mark) => mark.test(text)) ||
      imported.some((each) => each.startsWith('test/') && isLong(each));
    known.set(file, long);
    return long;
  };
  return globSync('test/**/*.test.ts', { cwd: root })
    .filter((file) => file.endsWith('.long.test.ts') || isLong(file))
    .sort();
}
