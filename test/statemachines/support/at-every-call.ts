import { expect } from 'vitest';
import type { Engine } from '../../support/engine.ts';
import { expectOneCompletion, GATEWAYS, type GatewayKind, live } from './life.ts';
import { applies, type MishapKind } from './mishap.ts';
import { createWorld, type World } from './world.ts';

/**
 * Lives a promotion's life once for every call that it makes to the outside, each time with one mishap at that call, and expects
 * one completion of each.
 */
export async function atEveryCall(
  engine: Engine,
  gateway: GatewayKind,
  kind: MishapKind,
  prepare: (world: World) => void = () => {},
): Promise<void> {
  const calm = await createWorld(engine, GATEWAYS[gateway]);
  await expectOneCompletion(calm, await live(calm, gateway));
  const { calls } = calm.mishaps;
  expect(calls.length).toBeGreaterThan(40);
  for (const [at, call] of calls.entries()) {
    if (!applies(kind, call)) continue;
    const world = await createWorld(engine, GATEWAYS[gateway]);
    world.mishaps.mishap = { kind, at };
    prepare(world);
    try {
      await expectOneCompletion(world, await live(world, gateway));
    } catch (cause) {
      const told = world.mishaps.calls.map((name, index) => (index === at ? `>>${name}<<` : name));
      throw new Error(`${kind} at call ${at} of ${told.join(' ')}`, { cause });
    }
    expect(world.mishaps.happened).toBe(true);
  }
}
