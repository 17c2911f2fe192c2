import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../functions/domain/identity/principal.ts';
import { verifyChain } from '../../../functions/domain/promotion/history.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { assess } from '../../../functions/use-cases/workflow/assess.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { NO_PROVIDERS } from '../../support/no-providers.ts';
import { createWorld, STORES, TENANT, type World } from '../deployments/world.ts';
import { ALICE, DEV } from './people.ts';

describe.each(STORES)('the life of a promotion on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeAll(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
  });
  afterAll(() => opened.stop());

  it('goes', async () => {
    await world.member(ALICE);
    await world.gateway('gw-stg', 'staging');
    await world.gateway('gw-789', 'production');
    const rec = await recordDeployment(world.deps, {
      principal: DEV,
      report: {
        id: 'dep-456',
        subject: { kind: 'agent', name: 'agent-123' },
        environment: 'staging',
        gateway_id: 'gw-stg',
        status: 'DEPLOYED',
        details: {},
      },
    });
    expect(isRefusal(rec)).toBe(false);
    const created = await createPromotion(world.deps, {
      actor: actorOf(DEV),
      tenant: TENANT,
      request: {
        kind: 'agent',
        agent_id: 'agent-123',
        source_deployment_id: 'dep-456',
        target_gateway_id: 'gw-789',
        target_environment: 'prod',
      },
    });
    if (isRefusal(created)) throw new Error(created.detail);
    const id = created.state.id;
    expect(created.state.status).toBe('pending');
    expect(await assess({ ...world.deps, providers: NO_PROVIDERS }, { tenant: TENANT, id })).toMatchObject({
      next: 'await',
    });
    expect(await approvePromotion(world.deps, { principal: DEV, id })).toMatchObject({
      refused: 'separation_of_duties',
    });
    expect(await executePromotion(world.deps, { principal: DEV, id })).toMatchObject({
      refused: 'invalid_transition',
    });
    expect(await approvePromotion(world.deps, { principal: ALICE, id })).toMatchObject({
      status: 'approved',
    });
    expect(await executePromotion(world.deps, { principal: DEV, id })).toMatchObject({ status: 'approved' });
    expect(await execute(world.deps, { tenant: TENANT, id })).toMatchObject({ status: 'completed' });
    expect(await executePromotion(world.deps, { principal: DEV, id })).toMatchObject({ status: 'completed' });
    const events = await world.deps.promotions.events(TENANT, id);
    expect(events.map((e) => e.event.type)).toEqual([
      'PromotionRequested',
      'PromotionAssessed',
      'ApprovalGranted',
      'PromotionApproved',
      'ExecutionRequested',
      'ExecutionStarted',
      'PromotionCompleted',
    ]);
    expect(verifyChain(events)).toBeUndefined();
  });
});
