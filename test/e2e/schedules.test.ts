import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { firings, furnishLine, killAtRandom, readyPromotions, scheduleAll } from '../support/due-together.ts';
import { times } from '../support/length.ts';
import { type Runtime, realAssembly, startRuntime } from '../support/runtime.ts';

/** `npm run bench schedules` does it with 1,000. */
const MANY = times(10, 40);

let runtime: Runtime;
let assemblyDir: string;
/** Milliseconds in which many requests are answered on this machine as busy as it is now, several times over. */
let lead: number;

beforeAll(async () => {
  assemblyDir = await realAssembly();
  runtime = await startRuntime({}, { assemblyDir });
  await furnishLine(runtime);
});
afterAll(() => runtime?.stop());

describe('schedules due at one instant', () => {
  it('all fire once, though the process is killed at random while they do', async () => {
    const begun = Date.now();
    const ids = await readyPromotions(runtime, 'agent', MANY);
    lead = 3 * (Date.now() - begun) + 3_000;
    const at = new Date(Date.now() + lead).toISOString();
    await scheduleAll(runtime, ids, at);
    await new Promise((resolve) => setTimeout(resolve, Date.parse(at) - Date.now()));
    runtime = await killAtRandom(runtime, { times: times(1, 4), most: 700, assemblyDir });
    for (const { types, fired_at } of await firings(runtime, ids)) {
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
    expect(history.body).toHaveLength(MANY);
  });
});

describe('what came due while nothing ran', () => {
  it('happens at the start: a schedule fires, and approvals expire', async () => {
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const policy = {
      name: 'at once',
      environments: ['staging'],
      expires_after: `PT${Math.ceil(lead / 1_000) + 1}S`,
      reason: 'expires soon',
    };
    const [scheduled] = await readyPromotions(runtime, 'late', 1);
    expect((await admin.post('/api/v1/approval-policies', policy)).status).toBe(201);
    const [waiting] = await readyPromotions(runtime, 'waiting', 1);
    const at = new Date(Date.now() + lead).toISOString();
    await scheduleAll(runtime, [String(scheduled)], at);
    const read = async (id: string | undefined) => (await dev.get(`/api/v1/promotions/${id}`)).body;
    expect(await read(scheduled)).toMatchObject({ status: 'scheduled' });
    expect(await read(waiting)).toMatchObject({ status: 'pending', waiting_for: 'approval' });
    await runtime.kill9();
    await new Promise((resolve) => setTimeout(resolve, lead + 2_000));
    const { dataDir, port } = runtime;
    runtime = await startRuntime({}, { dataDir, port, assemblyDir });
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
