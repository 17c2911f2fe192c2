import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../functions/domain/identity/principal.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import { recordOutcome } from '../../../functions/use-cases/promotions/complete.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { tellStopped } from '../../../functions/use-cases/workflow/tell-stopped.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { GATEWAY } from './people.ts';
import { BOUNDS, OVER_HTTP, recorded, staged, started } from './stage.ts';

describe.each(STORES)('a promotion blocked because another one holds its target, on $name', ({ open }) => {
  const stage = staged(open);
  const statusOf = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.state;
  const dueAt = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.workflowRecord.due_at;

  /** One that holds the target while its gateway works, and one that ran into it. */
  async function held(): Promise<{ readonly id: string; readonly failed: () => Promise<unknown> }> {
    const { deps, ref } = stage();
    stage().outcome = { outcome: 'accepted' };
    const holder = await started(stage(), OVER_HTTP);
    await recorded(stage(), 'dep-457', 'agent-123', 'staging');
    const id = await started(stage(), { ...OVER_HTTP, source_deployment_id: 'dep-457' });
    await execute(deps, ref(holder));
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'TargetMoved' });
    expect(await statusOf(id)).toMatchObject({ status: 'blocked', blocked_by: ['target_moved'] });
    const deployment_id = stage().deployed.at(-1)?.deployment_id ?? '';
    const about = { tenant: TENANT, deployment_id, actor: actorOf(GATEWAY) } as const;
    return { id, failed: () => recordOutcome(deps, { ...about, outcome: 'failed' }) };
  }

  it('is looked at again every five minutes, since the other one may succeed', async () => {
    const { id } = await held();
    await sweep(stage().deps, BOUNDS);
    const next = await dueAt(id);
    expect(Date.parse(next ?? '') - Date.parse(stage().now)).toBe(300_000);
    expect(await statusOf(id)).toMatchObject({ status: 'blocked' });
  });

  it('goes on with the next sweep once the other one has failed', async () => {
    const { id, failed } = await held();
    await sweep(stage().deps, BOUNDS);
    await failed();
    await sweep(stage().deps, BOUNDS);
    expect((await statusOf(id))?.status).not.toBe('blocked');
  });

  it('hears of it though everybody on the list was told between its look and its place there', async () => {
    const { id, failed } = await held();
    const { deps } = stage();
    const failedAndTold = async () => {
      await failed();
      const { items } = await deps.unblockRecords.withWork({ limit: 10 });
      for (const opening of items) await tellStopped(deps, opening, addDuration(stage().now, 'PT1M'));
      expect(items).toHaveLength(1);
    };
    // The first commit of the look puts it on the list: what is read before says that the target is held.
    await sweep(stage().interrupted(0, failedAndTold), BOUNDS);
    await sweep(deps, BOUNDS);
    expect((await statusOf(id))?.status).not.toBe('blocked');
  });
});
