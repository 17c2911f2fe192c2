import { defineConfig } from 'vitest/config';
import { replayReporter } from './test/support/replay-reporter.ts';

// CI reads the count of tests from this file; on a terminal only the usual report is printed.
const report = process.env['SLUICE_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/replay-after-each.ts'],
    reporters: report
      ? ['default', replayReporter, ['json', { outputFile: report }]]
      : ['default', replayReporter],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['functions/**'], reporter: ['text-summary'] },
  },
});
