import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { furnishLine, inTime, passed, readyPromotions, scheduleAll } from '../support/due-together.ts';
import { type Runtime, realAssembly, startRuntime } from '../support/runtime.ts';

let runtime: Runtime;
let assemblyDir: string;

beforeAll(async () => {
  assemblyDir = await realAssembly();
  runtime = await startRuntime({}, { assemblyDir });
  await furnishLine(runtime);
});
afterAll(() => runtime?.stop());

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
