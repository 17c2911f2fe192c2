// Adds up the reports of test runs and prints `N passed, N failed`. A skipped test, a file that could not be loaded and a run that left
// no report count as failed each. Exits 1 unless tests passed and none failed.
import { readFileSync } from 'node:fs';

let [passed, failed] = [0, 0];
const fail = (what) => {
  failed += 1;
  console.error(`not passed: ${what}`);
};

for (const path of process.argv.slice(2)) {
  const report = read(path);
  if (report === undefined) {
    fail(`${path}: the run left no report`);
    continue;
  }
  for (const { name, status, assertionResults, message } of report.testResults) {
    const others = assertionResults.filter((test) => test.status !== 'passed');
    passed += assertionResults.length - others.length;
    for (const test of others) fail(`${name}: ${test.fullName} (${test.status})`);
    if (status === 'failed' && others.length === 0) fail(`${name}: ${message}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
