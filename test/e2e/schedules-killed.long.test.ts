import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.ts';
import {
  firings,
  furnishLine,
  inTime,
  killAtRandom,
  passed,
  readyPromotions,
  scheduleAll,
} from '../support/due-together.ts';
import { type Runtime, realAssembly, startRuntime } from '../support/runtime.ts';

/** `npm run bench schedules` does it with 1,000. */
const MANY = 40;

let runtime: Runtime;
let assemblyDir: string;

beforeAll(async () => {
  assemblyDir = await realAssembly();
  runtime = await startRuntime({}, { assemblyDir });
  await furnishLine(runtime);
});
afterAll(() => runtime?.stop());

describe('schedules due at one instant', () => {
  it('all fire once, though the process is killed at random while they do', async () => {
    const { ids, at } = await inTime(async (lead, round) => {
      const ready = await readyPromotions(runtime, `agent-${round}`, MANY);
      const instant = new Date(Date.now() + lead).toISOString();
      const scheduled = await scheduleAll(runtime, ready, instant);
      return scheduled && new Date().toISOString() < instant ? { ids: ready, at: instant } : undefined;
    });
    await passed(at);
    runtime = await killAtRandom(runtime, { times: 4, most: 700, assemblyDir });
    const fired = await firings(runtime, ids);
    for (const { types, fired_at } of fired) {
      expect(types).toEqual([
        'PromotionRequested',
        'PromotionAssessed',
        'PromotionApproved',
        'PromotionScheduled',
        'ExecutionRequested',
        'ExecutionStarted',
        'PromotionCompleted',
      ]);
      expect(fired_at >= at, 'not before its time').toBe(true);
    }
    const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const history = await dev.get(
      '/api/v1/platform/deployments/history?environment=staging&kind=all&limit=100',
    );
    const of = history.body.map(({ promotionId }: { promotionId: string }) => promotionId);
    expect(of.filter((id: string) => ids.includes(id)).sort()).toEqual([...ids].sort());
  });
});
