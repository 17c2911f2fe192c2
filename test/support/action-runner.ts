import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import * as z from 'zod';

const Action = z.object({
  inputs: z.record(
    z.string(),
    z.object({ required: z.boolean().optional(), default: z.string().optional() }),
  ),
  outputs: z.record(z.string(), z.object({ value: z.string() })),
  runs: z.object({
    using: z.literal('composite'),
    steps: z.array(
      z.object({
        id: z.string().optional(),
        if: z.string().optional(),
        uses: z.string().optional(),
        run: z.string().optional(),
        shell: z.literal('bash').optional(),
        env: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
});

/** How a composite action ended on a runner. */
export type Ran = {
  readonly code: number;
  readonly said: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
};
type Strings = Readonly<Record<string, string>>;

/**
 * Runs the steps of a composite action that are commands, as GitHub documents it: inputs by their defaults, expressions evaluated into the
 * environment and into conditions, each step in a bash of its own, outputs by GITHUB_OUTPUT. A step that `uses` another action is left out:
 * what it would set is in `env`.
 */
export async function runAction(folder: string, work: string, given: Strings, env: Strings): Promise<Ran> {
  const action = Action.parse(load(await readFile(join(folder, 'action.yml'), 'utf8')));
  const defaults = Object.entries(action.inputs).map(([name, { default: text = '' }]) => [name, text]);
  for (const name of Object.keys(given)) if (!(name in action.inputs)) throw new Error(`no input ${name}`);
  const inputs: Strings = { ...Object.fromEntries(defaults), ...given };
  const outputs = new Map<string, Strings>();
  const known = { inputs, folder, outputs };
  await mkdir(work, { recursive: true });
  const summary = join(work, 'summary.md');
  await writeFile(summary, '');
  let said = '';
  let code = 0;
  for (const [at, step] of action.runs.steps.entries()) {
    if (step.run === undefined || (step.if !== undefined && evaluated(step.if, known) !== 'true')) continue;
    const [script, output] = [join(work, `${at}.sh`), join(work, `${at}.output`)];
    await Promise.all([writeFile(script, filled(step.run, known)), writeFile(output, '')]);
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, filled(text, known)]);
    const ended = await bash(script, work, {
      ...env,
      ...Object.fromEntries(own),
      GITHUB_ACTION_PATH: folder,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
    });
    said += ended.said;
    if (step.id !== undefined) outputs.set(step.id, outputsIn(await readFile(output, 'utf8')));
    code = ended.code;
    if (code !== 0) break;
  }
  const named = Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value, known)]);
  return { code, said, summary: await readFile(summary, 'utf8'), outputs: Object.fromEntries(named) };
}

type Known = {
  readonly inputs: Strings;
  readonly folder: string;
  readonly outputs: ReadonlyMap<string, Strings>;
};

const filled = (text: string, known: Known): string =>
  text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => evaluated(expression, known));

/** The expressions that the action has: what `&&`, `||`, `==`, `!=` and `format` make of contexts and strings. Throws for any other. */
function evaluated(expression: string, known: Known): string {
  const text = expression.trim();
  const [left, ...alternatives] = text.split(' || ');
  if (alternatives.length > 0)
    return evaluated(left ?? '', known) || evaluated(alternatives.join(' || '), known);
  const parts = text.split(' && ');
  if (parts.length > 1) return String(parts.every((part) => evaluated(part, known) === 'true'));
  const [, one, operator, other] = /^(\S+) (==|!=) (\S+)$/.exec(text) ?? [];
  if (one !== undefined && other !== undefined)
    return String((evaluated(one, known) === evaluated(other, known)) === (operator === '=='));
  const [, literal] = /^'([^']*)'$/.exec(text) ?? [];
  if (literal !== undefined) return literal;
  const [, pattern, argument] = /^format\('([^']*)', (\S+)\)$/.exec(text) ?? [];
  if (pattern !== undefined) return pattern.replace('{0}', () => evaluated(argument ?? '', known));
  if (text === 'github.action_path') return known.folder;
  const [, input] = /^inputs\.([\w-]+)$/.exec(text) ?? [];
  if (input !== undefined) return known.inputs[input] ?? '';
  const [, step, output] = /^steps\.(\w+)\.outputs\.([\w-]+)$/.exec(text) ?? [];
  if (step !== undefined) return known.outputs.get(step)?.[output ?? ''] ?? '';
  throw new Error(`The runner of the tests does not know the expression ${text}.`);
}

/** `shell: bash` of GitHub: `bash --noprofile --norc -eo pipefail {0}`. */
function bash(script: string, cwd: string, env: Strings): Promise<{ code: number; said: string }> {
  const words = ['--noprofile', '--norc', '-eo', 'pipefail', script];
  const all = { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env };
  return new Promise((resolve) => {
    execFile('bash', words, { cwd, env: all }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });
}

/** `name=value` lines. A line of another kind would be one that a value has smuggled in. */
function outputsIn(text: string): Strings {
  const lines = text.split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) throw new Error(`GITHUB_OUTPUT has the line ${line}`);
      return [name, value];
    }),
  );
}
