import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, matchesGlob } from 'node:path';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import { judgeReporter } from './test/support/judge-reporter.ts';
import { longFiles } from './test/support/long-files.ts';
import { SynthesisFirst } from './test/support/order.ts';
import { replayReporter } from './test/support/replay-reporter.ts';

// CI reads the count of tests from this file; on a terminal only the usual report is printed.
const report = process.env['SLUICE_TEST_REPORT'];

/** The cases of `npm test` are the same each time. */
const FIXED_SEED = 20_261_122;

/** Tests that change their process or start others. The rest share modules: evaluating these anew for each file costs more than the tests. */
const ALONE = [
  'test/{architecture,ci,docs,e2e,infra,local,statemachines}/**/*.test.ts',
  'test/cli/process/*.test.ts',
  'test/handlers/lambda.test.ts',
];

const isAlone = (file: string) => ALONE.some((pattern) => matchesGlob(file, pattern));

export default defineConfig(({ mode }) => {
  const long = mode === 'long';
  const seed = process.env['SLUICE_SEED'] ?? String(long ? randomInt(2 ** 31) : FIXED_SEED);
  const runs = long ? '1000' : '25';
  const patience = long ? 1_800_000 : 900_000;
  const sayWhich: Reporter = {
    onInit() {
      console.log(`Properties: seed ${seed}, ${runs} cases where a property names no number of its own`);
    },
  };
  // What tests complete is exported here, and judged when all have run.
  const judged = join(tmpdir(), `sluice-judged-${process.pid}`);
  const reporters = ['default', sayWhich, replayReporter, judgeReporter(judged)];
  const files = long ? longFiles(import.meta.dirname) : ['test/**/*.test.ts'];
  const atLength = long ? [] : ['test/**/*.long.test.ts'];
  return {
    test: {
      setupFiles: ['test/support/seeded.ts', 'test/support/replay-after-each.ts'],
      // CloudFormation's validator takes 4.5 s of each synthesis: `deployedAssembly` runs it.
      env: {
        SLUICE_TESTS: mode,
        SLUICE_SEED: seed,
        SLUICE_RUNS: runs,
        SLUICE_JUDGED: judged,
        CDK_VALIDATION: 'false',
      },
      // One more than the two processors where it is to be fast: tests of processes wait for a third of their time.
      maxWorkers: 3,
      sequence: { sequencer: SynthesisFirst },
      reporters: report ? [...reporters, ['json', { outputFile: report }]] : reporters,
      // For what hangs: no test fails because the machine is busy.
      testTimeout: patience,
      hookTimeout: patience,
      coverage: { provider: 'v8', include: ['functions/**'], reporter: ['text-summary'] },
      projects: [
        {
          extends: true,
          test: { name: 'shared', isolate: false, include: files, exclude: [...ALONE, ...atLength] },
        },
        {
          extends: true,
          test: { name: 'alone', include: long ? files.filter(isAlone) : ALONE, exclude: atLength },
        },
      ],
    },
  };
});
