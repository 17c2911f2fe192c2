import { randomInt } from 'node:crypto';
import { defineConfig } from 'vitest/config';
import type { Reporter } from 'vitest/node';
import { longFiles } from './test/support/long-files.ts';
import { replayReporter } from './test/support/replay-reporter.ts';

// CI reads the count of tests from this file; on a terminal only the usual report is printed.
const report = process.env['SLUICE_TEST_REPORT'];

/** The cases of `npm test` are the same each time. */
const FIXED_SEED = 20_261_122;

export default defineConfig(({ mode }) => {
  const long = mode === 'long';
  const seed = process.env['SLUICE_SEED'] ?? String(long ? randomInt(2 ** 31) : FIXED_SEED);
  const runs = long ? '1000' : '100';
  const sayWhich: Reporter = {
    onInit() {
      console.log(`Properties: seed ${seed}, ${runs} cases where a property names no number of its own`);
    },
  };
  const reporters = ['default', sayWhich, replayReporter];
  return {
    test: {
      include: long ? longFiles(import.meta.dirname) : ['test/**/*.test.ts'],
      setupFiles: ['test/support/seeded.ts', 'test/support/replay-after-each.ts'],
      env: { SLUICE_TESTS: mode, SLUICE_SEED: seed, SLUICE_RUNS: runs },
      reporters: report ? [...reporters, ['json', { outputFile: report }]] : reporters,
      testTimeout: long ? 600_000 : 60_000,
      hookTimeout: 60_000,
      coverage: { provider: 'v8', include: ['functions/**'], reporter: ['text-summary'] },
    },
  };
});
