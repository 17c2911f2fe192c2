import { describe, expect, it } from 'vitest';
import { addDuration } from '../../../functions/domain/instant.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { updateEnvironment } from '../../support/keep.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { ADMIN, ALICE } from './people.ts';
import { BOUNDS, recorded, requested, staged, sure } from './stage.ts';

const [MEMORY] = STORES;

describe('a promotion that has to soak, in memory', () => {
  const stage = staged(MEMORY?.open ?? (() => Promise.reject(new Error('no store'))));
  const soaking = async (hours: number) => {
    const thresholds = { field: 'deployment.duration_hours', op: 'gte', value: hours };
    const change = { gates: [{ name: 'soak', thresholds }] };
    const name = 'production';
    sure(await updateEnvironment(stage().deps, { principal: ADMIN, name, change }));
  };
  const stored = async (id: string) => {
    const found = await stage().deps.promotions.read(TENANT, id);
    if (found === undefined) throw new Error(`${id} is gone`);
    return found;
  };

  it('is looked at when the time has come, and not before, and then goes on', async () => {
    await soaking(10);
    stage().advance('PT4H');
    const { id } = await requested(stage());
    expect((await stored(id)).state).toMatchObject({ status: 'blocked', blocked_by: ['soak'] });
    await sweep(stage().deps, BOUNDS);
    expect((await stored(id)).workflowRecord.due_at).toBe(addDuration(stage().now, 'PT6H0.001S'));
    stage().advance('PT5H59M');
    expect(await sweep(stage().deps, BOUNDS)).toMatchObject({ attended: 0 });
    stage().advance('PT2M');
    expect(await sweep(stage().deps, BOUNDS)).toMatchObject({ attended: 1, faults: [] });
    expect((await stored(id)).state).toMatchObject({ status: 'pending', waiting_for: 'approval' });
    sure(await approvePromotion(stage().deps, { principal: ALICE, id }));
    expect((await stored(id)).state).toMatchObject({ status: 'approved' });
  });

  it('never passes when its source was replaced, however long ago that went live', async () => {
    await soaking(10);
    stage().advance('PT5M');
    await recorded(stage(), 'dep-457', 'agent-123', 'staging');
    stage().advance('PT20H');
    const { id } = await requested(stage());
    const { state } = await stored(id);
    expect(state).toMatchObject({ status: 'blocked', blocked_by: ['soak'], reason_code: 'soak_unknown' });
    await sweep(stage().deps, BOUNDS);
    expect((await stored(id)).state).toMatchObject({ status: 'blocked' });
  });
});
