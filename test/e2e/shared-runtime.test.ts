import { afterAll, beforeAll, describe } from 'vitest';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';
import { demoArtifactTests } from './shared/artifact-demo.ts';
import { governingTests } from './shared/artifact-governing.ts';
import { machineTests } from './shared/machines.ts';
import { openFeatureTests } from './shared/openfeature.ts';

/**
 * Tests that need no clock, power cut, people or settings of their own share a runtime: its functions load once. Each leaves what the next
 * ones expect; the first finds a fresh machine.
 */
let runtime: Runtime;
beforeAll(async () => {
  runtime = await startRuntime();
});
afterAll(() => stopReplayed(runtime));
const shared = () => runtime;

describe('the demo artifact', () => demoArtifactTests(shared));
describe('machines', () => machineTests(shared));
describe('clients of flags', () => openFeatureTests(shared));
describe('what governs artifacts', () => governingTests(shared));
