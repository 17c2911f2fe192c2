import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { atEveryCall } from './support/at-every-call.ts';
import type { GatewayKind } from './support/life.ts';

const DEATHS = ['death-before', 'death-after'] as const;
const KINDS: readonly GatewayKind[] = ['record', 'http, live at once', 'http, reporting later'];
const EACH = DEATHS.flatMap((kind) => KINDS.map((gateway) => ({ kind, gateway })));
const TIMEOUT = 180_000;

describe.skipIf(skipWithoutEngine())('a promotion completes once, whoever dies at whichever call', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  it.each(EACH)(
    'one function, $kind, gateway: $gateway',
    ({ kind, gateway }) => atEveryCall(engine, gateway, kind),
    TIMEOUT,
  );

  it.each(DEATHS)(
    'the whole machine, %s',
    (kind) =>
      atEveryCall(engine, 'http, reporting later', kind, ({ mishaps, host }) => {
        mishaps.onDeath = () => host.restart();
      }),
    TIMEOUT,
  );
});
