import { expect } from 'vitest';
import type { Engine } from '../../support/engine.ts';
import { times } from '../../support/length.ts';
import { expectOneCompletion, live, type Scenario } from './life.ts';
import { applies, type MishapKind } from './mishap.ts';
import { createWorld, type World } from './world.ts';

/** In `npm test` a mishap meets every so many-th call, another one of them in each kind of life; in the long tests every call. */
const STRIDE = times(7, 1);

/**
 * Lives a promotion's life once for every call that it makes to the outside, each time with one mishap at that call, and expects
 * one completion of each.
 */
export async function atEveryCall(
  engine: Engine,
  scenario: Scenario,
  kind: MishapKind,
  prepare: (world: World) => void = () => {},
): Promise<void> {
  const calm = await createWorld(engine, scenario.gateway, scenario);
  await expectOneCompletion(calm, scenario, await live(calm, scenario));
  const { calls } = calm.mishaps;
  expect(calls.length).toBeGreaterThan(20);
  const applicable = [...calls.entries()].filter(([, call]) => applies(kind, call));
  const first = (kind.length + calls.length) % STRIDE;
  for (const [at] of applicable.filter((_, n) => n % STRIDE === first)) {
    const world = await createWorld(engine, scenario.gateway, scenario);
    world.mishaps.mishap = { kind, at };
    prepare(world);
    try {
      await expectOneCompletion(world, scenario, await live(world, scenario));
    } catch (cause) {
      const told = world.mishaps.calls.map((name, index) => (index === at ? `>>${name}<<` : name));
      throw new Error(`${kind} at call ${at} of ${told.join(' ')}`, { cause });
    }
    expect(world.mishaps.happened).toBe(true);
  }
}
