import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { atEveryCall } from './support/at-every-call.ts';
import type { GatewayKind } from './support/life.ts';

const FAULTS = ['timeout-after', 'throttled', 'conflict'] as const;
const KINDS: readonly GatewayKind[] = ['record', 'http, reporting later'];
const EACH = FAULTS.flatMap((kind) => KINDS.map((gateway) => ({ kind, gateway })));
const TIMEOUT = 180_000;

describe.skipIf(skipWithoutEngine())('a promotion completes once, whatever fails at whichever call', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  it.each(EACH)(
    '$kind, gateway: $gateway',
    ({ kind, gateway }) => atEveryCall(engine, gateway, kind),
    TIMEOUT,
  );
});
