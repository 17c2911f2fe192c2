import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { atEveryCall } from './support/at-every-call.ts';
import { SCENARIOS, type ScenarioName } from './support/life.ts';

const FAULTS = ['timeout-after', 'throttled', 'conflict'] as const;
const NAMES: readonly ScenarioName[] = [
  'nobody approves, gateway records',
  'a provider is asked, gateway records',
  'gateway reports later',
];
const EACH = FAULTS.flatMap((kind) => NAMES.map((name) => ({ kind, name })));

describe.skipIf(skipWithoutEngine())('a promotion completes once, whatever fails at whichever call', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  it.each(EACH)('$kind: $name', ({ kind, name }) => atEveryCall(engine, SCENARIOS[name], kind));
});
