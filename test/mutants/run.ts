import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf } from './mutations.ts';
import { sample } from './sample.ts';
import { testsOf } from './tests-of.ts';
import type { Answer, Question } from './warm.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '300' },
    seed: { type: 'string', default: '20261122' },
    goal: { type: 'string', default: '90' },
  },
});

/** The process that has everything loaded; ended and begun anew when a mutant does not come back. */
let warm: ChildProcess | undefined;

async function ask(question: Question, patience: number): Promise<Answer> {
  if (warm === undefined) {
    warm = fork(join(import.meta.dirname, 'warm.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(warm, 'message');
  }
  const asked = warm;
  const timeout = AbortSignal.timeout(patience);
  // Nothing listens for an end any more once there is an answer.
  const over = new AbortController();
  const signal = AbortSignal.any([timeout, over.signal]);
  const answered = Promise.race([
    once(asked, 'message', { signal }),
    once(asked, 'exit', { signal }).then((): Answer[] => [{ killer: 'the tests broke off' }]),
  ]);
  asked.send(question);
  try {
    const [answer]: Answer[] = await answered;
    if (!asked.connected) warm = undefined;
    return answer ?? {};
  } catch (error) {
    if (!timeout.aborted) throw error;
    asked.kill('SIGKILL');
    warm = undefined;
    return { killer: `no answer within ${Math.round(patience / 1000)} s` };
  } finally {
    over.abort();
  }
}

const files = globSync(positionals.length > 0 ? positionals : ['functions/domain/**/*.ts']).toSorted();
const all = files.flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
const mutants = sample(all, Number(values.count), Number(values.seed));
console.log(`${mutants.length} of ${all.length} mutants of ${files.length} files, seed ${values.seed}`);

const short = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 100);
const describe = ({ file, line, was, becomes }: Mutant) =>
  `${file}:${line}: ${short(was)} → ${short(becomes)}`;

const used = new Set(mutants.flatMap(({ file }) => testsOf(file).flat()));
const begun = performance.now();
const broken = (
  await ask({ groups: [[...used].filter((test) => test.startsWith('test/domain/'))] }, 3_600_000)
).killer;
if (broken !== undefined) {
  console.error(`a test fails without any mutant: ${broken}`);
  process.exit(2);
}

// A mutant that makes a loop endless gives no answer: all tests together took less.
const patience = Math.ceil(60_000 + 4 * (performance.now() - begun));
const survivors: Mutant[] = [];
for (const mutant of mutants) {
  const groups = testsOf(mutant.file);
  const { killer } = groups.length === 0 ? {} : await ask({ mutant, groups }, patience);
  if (killer === undefined) survivors.push(mutant);
  const fate = killer !== undefined ? 'killed  ' : groups.length === 0 ? 'UNTESTED' : 'SURVIVED';
  console.log(`${fate} ${describe(mutant)}${killer ? `   [${short(killer)}]` : ''}`);
}
warm?.disconnect();

const killed = mutants.length - survivors.length;
const percent = (100 * killed) / Math.max(1, mutants.length);
console.log(`\n${killed} of ${mutants.length} killed: ${percent.toFixed(1)} %`);
for (const survivor of survivors) console.log(`  survived: ${describe(survivor)}`);
process.exitCode = percent >= Number(values.goal) ? 0 : 1;
