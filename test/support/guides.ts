import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The blocks of a guide in one language, in order. */
export async function blocksOf(guide: string, language = 'sh'): Promise<string[]> {
  const text = await readFile(join(root, 'docs', guide), 'utf8');
  return [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block = '']) => block,
  );
}

/** A guide as one script. It is typed in the checkout; here its files go to another folder. */
export async function scriptOf(guide: string): Promise<string> {
  const own = `sluice() { "${process.execPath}" "${join(root, 'cli/bin.mjs')}" "$@"; }`;
  const script = (await blocksOf(guide)).join('\n');
  if (!/^sluice\(\) .*$/m.test(script)) throw new Error(`${guide} does not say what sluice is`);
  return script.replace(/^sluice\(\) .*$/m, own);
}

const exiting = (_line: string, command: string, code: string) =>
  `code=0; ${command} || code=$?; [ "$code" = ${code} ] || { echo "exited with $code in place of ${code}"; exit 99; }`;

/** Runs a script in a folder that is its home too. A line that ends in `# exits 14` has to exit with 14, and every other one with 0. */
export function bash(
  script: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; out: string }> {
  const all = { PATH: process.env['PATH'] ?? '', HOME: folder, ...env };
  return new Promise((resolve) => {
    // Both in the order in which they were printed.
    const argv = ['-eo', 'pipefail', '-c', `exec 2>&1\n${script.replace(/^(.+) # exits (\d+)$/gm, exiting)}`];
    execFile('bash', argv, { cwd: folder, env: all, maxBuffer: 2 ** 26 }, (error, out) =>
      resolve({ code: error === null ? 0 : Number(error.code), out }),
    );
  });
}
