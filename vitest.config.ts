import { defineConfig } from 'vitest/config';

// CI reads the count of tests from this file; on a terminal only the usual report is printed.
const report = process.env['SLUICE_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['functions/**'], reporter: ['text-summary'] },
  },
});
