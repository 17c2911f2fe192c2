import { describe, expect, it } from 'vitest';
import { addDuration } from '../../../functions/domain/instant.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { assess } from '../../../functions/use-cases/workflow/assess.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import { createFreeze, deleteFreeze, type NewFreeze } from '../../support/keep.ts';
import { NO_PROVIDERS } from '../../support/no-providers.ts';
import { STORES, TENANT } from '../deployments/world.ts';
import { ADMIN, ALICE, DEV } from './people.ts';
import { BOUNDS, recorded, requested, staged, started, sure, TO_STAGING, typesOf } from './stage.ts';

describe.each(STORES)('promotions and freezes, on $name', ({ open }) => {
  const stage = staged(open);
  const read = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.state;
  /** Frozen from one time after now to another. */
  const freeze = async (from: string, to: string, more: Partial<NewFreeze> = {}, scope = 'production') => {
    const [starts_at, ends_at] = [addDuration(stage().now, from), addDuration(stage().now, to)];
    const fields = { reason: 'stocktaking', starts_at, ends_at, ...more };
    return sure(await createFreeze(stage().deps, { principal: ADMIN, scope, freeze: fields }));
  };
  const scheduled = async (after: string) => {
    const { id } = await requested(stage());
    sure(await approvePromotion(stage().deps, { principal: ALICE, id }));
    const at = addDuration(stage().now, after);
    expect(sure(await schedulePromotion(stage().deps, { principal: DEV, id, at }))).toMatchObject({
      status: 'scheduled',
    });
    return id;
  };
  const dueAt = async (id: string) => (await stage().deps.promotions.read(TENANT, id))?.workflowRecord.due_at;

  it('scheduled into a freeze waits for its end, and then executes', async () => {
    const id = await scheduled('PT2H');
    await freeze('PT1H', 'PT2H3M');
    stage().advance('PT2H');
    expect(await sweep(stage().deps, BOUNDS)).toMatchObject({ attended: 1, faults: [] });
    expect(await read(id)).toMatchObject({ status: 'scheduled' });
    expect(await dueAt(id)).toBe(addDuration(stage().now, 'PT3M'));
    stage().advance('PT2M59S');
    expect(await sweep(stage().deps, BOUNDS)).toMatchObject({ attended: 0 });
    stage().advance('PT1S');
    await sweep(stage().deps, BOUNDS);
    expect(await execute(stage().deps, stage().ref(id))).toMatchObject({ status: 'completed' });
  });

  it('scheduled into a freeze that ends it fails, the target unchanged', async () => {
    const id = await scheduled('PT2H');
    await freeze('PT1H', 'PT3H', { on_due: 'fail' }, '*');
    stage().advance('PT2H');
    await sweep(stage().deps, BOUNDS);
    expect(await read(id)).toMatchObject({
      status: 'failed',
      failure: { code: 'frozen', target_state: 'unchanged' },
    });
  });

  it('is looked at again before the end, since the freeze may be lifted', async () => {
    const id = await scheduled('PT2H');
    const { id: frozen } = await freeze('PT1H', 'P3D');
    stage().advance('PT2H');
    await sweep(stage().deps, BOUNDS);
    const lifted = { principal: ADMIN, scope: 'production', id: frozen, ifMatch: undefined };
    sure(await deleteFreeze(stage().deps, lifted));
    stage().advance('PT5M');
    await sweep(stage().deps, BOUNDS);
    // Ending a freeze early lets nothing run by itself that was open then: another person has to execute it.
    await expect(execute(stage().deps, stage().ref(id))).rejects.toThrow('governor');
    sure(await executePromotion(stage().deps, { principal: DEV, id }));
    expect(await execute(stage().deps, stage().ref(id))).toMatchObject({ status: 'completed' });
  });

  it('runs today before a freeze that is to come, and is refused at once inside one', async () => {
    await freeze('PT1H', 'PT2H');
    const id = await started(stage());
    expect(await execute(stage().deps, stage().ref(id))).toMatchObject({ status: 'completed' });
    await recorded(stage(), 'dep-next', 'agent-next', 'staging');
    const { id: later } = await requested(stage(), { ...NEXT });
    sure(await approvePromotion(stage().deps, { principal: ALICE, id: later }));
    stage().advance('PT1H');
    expect(await executePromotion(stage().deps, { principal: DEV, id: later })).toMatchObject({
      refused: 'frozen',
      data: { reason: 'stocktaking', ends_at: addDuration(stage().now, 'PT1H') },
    });
  });

  it('may be scheduled inside a freeze for a time after it', async () => {
    await freeze('-PT1H', 'PT1H');
    const id = await scheduled('PT2H');
    stage().advance('PT2H');
    await sweep(stage().deps, BOUNDS);
    expect(await execute(stage().deps, stage().ref(id))).toMatchObject({ status: 'completed' });
  });

  it('that an automatic execution met is blocked, and goes on at its end', async () => {
    await freeze('-PT1H', 'PT4M', {}, 'staging');
    const { id } = await requested(stage(), TO_STAGING);
    await expect(execute(stage().deps, stage().ref(id))).rejects.toThrow('frozen');
    expect(await assess({ ...stage().deps, providers: NO_PROVIDERS }, stage().ref(id))).toMatchObject({
      next: 'await',
    });
    expect(await read(id)).toMatchObject({ status: 'blocked', blocked_by: ['frozen'] });
    await sweep(stage().deps, BOUNDS);
    expect(await dueAt(id)).toBe(addDuration(stage().now, 'PT4M'));
    stage().advance('PT4M');
    await sweep(stage().deps, BOUNDS);
    expect(await typesOf(stage(), id)).toContain('ExecutionRequested');
    expect(await execute(stage().deps, stage().ref(id))).toMatchObject({ status: 'completed' });
  });

  it('is stopped by a freeze that is made while it begins', async () => {
    const id = await started(stage());
    const racing = stage().interrupted(0, () => freeze('-PT1H', 'PT1H'));
    await expect(execute(racing, stage().ref(id))).rejects.toThrow('frozen');
  });
});

const NEXT = {
  kind: 'agent',
  agent_id: 'agent-next',
  source_deployment_id: 'dep-next',
  target_gateway_id: 'gw-789',
  target_environment: 'production',
} as const;
