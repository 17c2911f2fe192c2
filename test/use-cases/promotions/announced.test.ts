import { afterAll, describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { VERBS } from '../../../functions/domain/notification/verb.ts';
import { announcements } from '../../../functions/use-cases/engine/announce.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { memoryStores } from '../../support/replayed-stores.ts';
import { TENANT } from '../deployments/world.ts';
import { NOTHING_OUTSIDE, type SceneDeps } from '../interleavings/scene.ts';
import { LIVES } from './lives.ts';
import { BOUNDS, createStage } from './stage.ts';

type Life = (typeof LIVES)[keyof typeof LIVES];

/** Lives through `life` while the n-th call of the bus fails; answers whether there was one, and the kinds of events that happened. */
async function livedWithout(n: number, life: Life) {
  const heard = new Set<string>();
  let calls = 0;
  const stage = await createStage(memoryStores);
  const bus: SceneDeps['bus'] = {
    async publish(events) {
      calls += 1;
      if (calls === n) throw new Fault('Unavailable', 'the bus is away');
      for (const { id } of events) heard.add(id);
    },
  };
  const deps: SceneDeps = { ...stage.deps, ...NOTHING_OUTSIDE, bus };
  await life(stage, deps);
  for (let before = -1; before < calls; ) {
    before = calls;
    stage.advance('PT1M');
    await sweep(deps, BOUNDS);
  }
  const types = new Set<string>();
  for (const { id } of (await deps.promotions.list(TENANT, {}, { limit: 100 })).items) {
    const stored = await deps.promotions.read(TENANT, id);
    if (stored === undefined) throw new Error(`${id} is gone`);
    const events = await deps.promotions.events(TENANT, id);
    for (const { event } of events) types.add(event.type);
    const missing = announcements(stored.state, events).filter((each) => !heard.has(each.id));
    expect(missing.map(({ type }) => type)).toEqual([]);
    expect(stored.workflowRecord).toMatchObject({ work: [], published: stored.state.seq });
  }
  return { failed: calls >= n, types };
}

describe('what happens to promotions', () => {
  const seen = new Set<string>();
  it.each(Object.entries(LIVES))('reaches the bus whichever call of it fails: %s', async (_, life) => {
    for (let n = 1, failed = true; failed; n += 1) {
      const lived = await livedWithout(n, life);
      failed = lived.failed;
      for (const type of lived.types) seen.add(type);
      expect(n).toBeLessThan(100);
    }
  });
  // Each kind of event has a verb, or it does not compile: a new kind needs a life here.
  afterAll(() => expect([...seen].sort()).toEqual(Object.keys(VERBS).sort()));
});
