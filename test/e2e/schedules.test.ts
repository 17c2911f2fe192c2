import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { firings, furnishLine, killAtRandom, readyPromotions, scheduleAll } from '../support/due-together.ts';
import { times } from '../support/length.ts';
import { type Runtime, realAssembly, startRuntime } from '../support/runtime.ts';

/** `npm run bench schedules` does it with 1,000. */
const MANY = times(10, 40);

let runtime: Runtime;
let assemblyDir: string;

beforeAll(async () => {
  assemblyDir = await realAssembly();
  runtime = await startRuntime({}, { assemblyDir });
  await furnishLine(runtime);
});
afterAll(() => runtime?.stop());

/**
 * Tries with an ever longer lead (milliseconds) until what it prepared was ready before its time: how long that takes on a busy machine
 * nobody knows before.
 */
async function inTime<T>(prepare: (lead: number, round: number) => Promise<T | undefined>): Promise<T> {
  for (let round = 0, lead = 4_000; ; round += 1, lead *= 2) {
    const prepared = await prepare(lead, round);
    if (prepared !== undefined) return prepared;
  }
}

const passed = (instant: string) =>
  until(
    async () => Date.now(),
    (now) => now > Date.parse(instant),
  );

describe('schedules due at one instant', () => {
  it('all fire once, though the process is killed at random while they do', async () => {
    const { ids, at } = await inTime(async (lead, round) => {
      const ready = await readyPromotions(runtime, `agent-${round}`, MANY);
      const instant = new Date(Date.now() + lead).toISOString();
      const scheduled = await scheduleAll(runtime, ready, instant);
      return scheduled && new Date().toISOString() < instant ? { ids: ready, at: instant } : undefined;
    });
    await passed(at);
    runtime = await killAtRandom(runtime, { times: times(1, 4), most: 700, assemblyDir });
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
    const history = await dev.get('/api/v1/platform/deployments/history?environment=staging&limit=100');
    const of = history.body.map(({ promotionId }: { promotionId: string }) => promotionId);
    expect(of.filter((id: string) => ids.includes(id)).sort()).toEqual([...ids].sort());
  });
});

describe('what came due while nothing ran', () => {
  it('happens at the start: a schedule fires, and approvals expire', async () => {
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const read = async (id: string | undefined) => (await dev.get(`/api/v1/promotions/${id}`)).body;
    const { scheduled, waiting, at } = await inTime(async (lead, round) => {
      const [timed] = await readyPromotions(runtime, `late-${round}`, 1);
      const policy = {
        name: 'at once',
        environments: ['staging'],
        expires_after: `PT${Math.ceil(lead / 1_000)}S`,
        reason: 'expires soon',
      };
      const made = await admin.post('/api/v1/approval-policies', policy);
      expect(made.status).toBe(201);
      const [expiring] = await readyPromotions(runtime, `waiting-${round}`, 1);
      const instant = new Date(Date.now() + lead).toISOString();
      const accepted = await scheduleAll(runtime, [String(timed)], instant);
      const seen = await Promise.all([timed, expiring].map(read));
      await runtime.kill9();
      if (accepted && seen[0].status === 'scheduled' && seen[1].status === 'pending') {
        expect(seen[1]).toMatchObject({ waiting_for: 'approval' });
        return { scheduled: timed, waiting: expiring, at: instant };
      }
      await again();
      expect((await admin.delete(`/api/v1/approval-policies/${made.body.id}?reason=over`)).status).toBe(204);
      return undefined;
    });
    await passed(at);
    await again();
    const closed = await until(
      () => read(waiting),
      ({ status }) => status === 'rejected',
    );
    expect(closed).toMatchObject({ closed_by: 'expiry' });
    await until(
      () => read(scheduled),
      ({ status }) => status !== 'scheduled',
    );
  });
});

/** Starts the runtime again where it was. */
async function again(): Promise<void> {
  const { dataDir, port } = runtime;
  runtime = await startRuntime({}, { dataDir, port, assemblyDir });
}
