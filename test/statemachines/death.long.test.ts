import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { atEveryCall } from './support/at-every-call.ts';
import { SCENARIOS } from './support/life.ts';

const DEATHS = ['death-before', 'death-after'] as const;
const EACH = DEATHS.flatMap((kind) =>
  Object.entries(SCENARIOS).map(([name, scenario]) => ({ kind, name, scenario })),
);

describe.skipIf(skipWithoutEngine())('a promotion completes once, whoever dies at whichever call', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  it.each(EACH)('one function, $kind: $name', ({ kind, scenario }) => atEveryCall(engine, scenario, kind));

  it.each(DEATHS)('the whole machine, %s', (kind) =>
    atEveryCall(engine, SCENARIOS['gateway reports later'], kind, ({ mishaps, host }) => {
      mishaps.onDeath = () => host.restart();
    }),
  );
});
