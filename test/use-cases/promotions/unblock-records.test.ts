import { describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import { lockEnvironment, unlockEnvironment } from '../../../functions/use-cases/catalog/environment-lock.ts';
import { lockTenant, unlockTenant } from '../../../functions/use-cases/catalog/tenant-lock.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { fire } from '../../../functions/use-cases/workflow/fire.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { tellStopped } from '../../../functions/use-cases/workflow/tell-stopped.ts';
import { createFreeze, deleteFreeze, updateFreeze } from '../../support/keep.ts';
import { person, STORES, TENANT } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';
import { BOUNDS, requested, staged, started, sure } from './stage.ts';

const ADMIN: Principal = person('admin', 'admin');
const NINE = '2026-03-02T09:00:00.000Z';

describe.each(STORES)('what a lock or a freeze stopped, on $name,', ({ open }) => {
  const stage = staged(open);
  const name = 'production';
  const on = (deps: Deps = stage().deps) => ({
    lock: () => lockEnvironment(deps, { principal: ADMIN, name, reason: 'incident' }).then(sure),
    unlock: () => unlockEnvironment(deps, { principal: ADMIN, name, reason: 'over' }).then(sure),
    freeze: (scope = name) =>
      createFreeze(deps, {
        principal: ADMIN,
        scope,
        freeze: { reason: 'fair', starts_at: '2026-03-01T00:00:00Z', ends_at: '2026-04-01T00:00:00Z' },
      }).then(sure),
  });
  const read = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.state;
  const swept = () => sweep(stage().deps, BOUNDS);

  /** Approved and scheduled, and its time has come while `stop` stands. */
  async function dueIn(stop: () => Promise<unknown>): Promise<string> {
    const { id } = await requested(stage());
    sure(await approvePromotion(stage().deps, { principal: ALICE, id }));
    sure(await schedulePromotion(stage().deps, { principal: DEV, id, at: NINE }));
    await stop();
    stage().now = NINE;
    await fire(stage().deps, stage().ref(id));
    expect(await read(id)).toMatchObject({ status: 'scheduled' });
    return id;
  }

  it('executes within a minute of unlocking', async () => {
    const id = await dueIn(() => on().lock());
    stage().advance('PT1M');
    await swept();
    expect(await read(id)).toMatchObject({ status: 'scheduled' });
    await on().unlock();
    await swept();
    expect(await read(id)).toMatchObject({ status: 'approved', execution_requested: { kind: 'system' } });
    expect(await stage().deps.unblockRecords.withWork({ limit: 10 })).toEqual({ items: [] });
    expect(await stage().deps.unblockRecords.stopped(TENANT, name, { limit: 10 })).toEqual({ items: [] });
  });

  it('executes when the lock of everything is lifted, unless its environment has its own', async () => {
    const id = await dueIn(async () => {
      sure(await lockTenant(stage().deps, { principal: ADMIN, reason: 'all' }));
      await on().lock();
    });
    sure(await unlockTenant(stage().deps, { principal: ADMIN, reason: 'over' }));
    await swept();
    expect(await read(id)).toMatchObject({ status: 'scheduled' });
    await on().unlock();
    await swept();
    expect(await read(id)).toMatchObject({ status: 'approved' });
  });

  it('executes when the freeze is lifted, or moved away', async () => {
    let freeze = { id: '' };
    const id = await dueIn(async () => {
      freeze = await on().freeze('*');
    });
    const scoped = { principal: ADMIN, scope: '*', id: freeze.id, ifMatch: undefined };
    sure(await updateFreeze(stage().deps, { ...scoped, change: { reason: 'still fair' } }));
    await swept();
    expect(await read(id)).toMatchObject({ status: 'scheduled' });
    sure(await deleteFreeze(stage().deps, scoped));
    await swept();
    expect(await read(id)).toMatchObject({ status: 'approved' });
  });

  it('is approved again when it was blocked as its execution began', async () => {
    const id = await started(stage());
    await on().lock();
    await expect(execute(stage().deps, stage().ref(id))).rejects.toThrow('locked');
    expect(await read(id)).toMatchObject({ status: 'blocked', blocked_by: ['locked'] });
    await swept();
    expect(await read(id)).toMatchObject({ status: 'blocked' });
    await on().unlock();
    await swept();
    expect(await read(id)).toMatchObject({ status: 'approved' });
  });

  it('is not forgotten when the lock is lifted while it is being stopped', async () => {
    const id = await started(stage());
    await on().lock();
    const racing = stage().interrupted(0, async () => {
      await on().unlock();
      await swept();
    });
    expect(await execute(racing, stage().ref(id))).toMatchObject({ status: 'completed' });
  });

  it('is off the list, and never due again, when it was closed meanwhile', async () => {
    const id = await dueIn(() => on().lock());
    sure(await cancelPromotion(stage().deps, { principal: DEV, id }));
    const before = await stage().deps.promotions.read(TENANT, id);
    await on().unlock();
    const { items } = await stage().deps.unblockRecords.withWork({ limit: 10 });
    const end = addDuration(stage().now, 'PT1M');
    for (const opening of items) expect(await tellStopped(stage().deps, opening, end)).toBe(true);
    expect(items).toHaveLength(1);
    expect((await stage().deps.promotions.read(TENANT, id))?.workflowRecord).toEqual(before?.workflowRecord);
    expect(await stage().deps.unblockRecords.stopped(TENANT, name, { limit: 10 })).toEqual({ items: [] });
  });

  it('hears of it after a run that broke off, and attends to as many as there is time for', async () => {
    const id = await dueIn(() => on().lock());
    await on().unlock();
    const broken: Deps = {
      ...stage().deps,
      unblockRecords: { ...stage().deps.unblockRecords, leave: () => Promise.reject(new Error('power cut')) },
    };
    expect(await sweep(broken, BOUNDS)).toMatchObject({ unheard: [{ opening: { environment: name } }] });
    expect(await read(id)).toMatchObject({ status: 'approved' });
    await swept();
    expect(await stage().deps.unblockRecords.withWork({ limit: 10 })).toEqual({ items: [] });
    await on().lock();
    await on().unlock();
    await stage().commit({
      write: 'stopped',
      environment: name,
      promotion_id: 'prom-x',
      expires_at: '2099-01-01T00:00:00.000Z',
    });
    expect(await sweep(stage().deps, { ...BOUNDS, milliseconds: 0 })).toMatchObject({ unfinished: true });
    expect(await swept()).toMatchObject({ unfinished: false });
  });
});
