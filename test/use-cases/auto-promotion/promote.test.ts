import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { autoPromote } from '../../../functions/use-cases/auto-promotion/promote.ts';
import { measureDeployment } from '../../../functions/use-cases/deployments/measure.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment } from '../../../functions/use-cases/deployments/report.ts';
import { startExecution } from '../../../functions/use-cases/engine/claim.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { rejectPromotion } from '../../../functions/use-cases/promotions/reject.ts';
import { CI, createWorld, DEV, person, STORES, TENANT, type World } from '../deployments/world.ts';

describe.each(STORES)('auto-promotion, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
    await world.gateway('gw-stg', 'staging');
  });
  afterEach(() => opened.stop());

  async function record(id: string, environment = 'development', gateway_id = 'gw-dev'): Promise<void> {
    world.advance('PT1S');
    const recorded = await recordDeployment(world.deps, {
      principal: CI,
      report: {
        id,
        subject: { kind: 'agent', name: 'agent-123' },
        environment,
        gateway_id,
        status: 'DEPLOYED',
        details: {},
      },
    });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
  }
  const measure = async (id: string, pass_rate: number, principal: Principal) => {
    const metrics = { tests: { pass_rate } };
    expect(isRefusal(await measureDeployment(world.deps, { principal, id, metrics }))).toBe(false);
  };
  const promote = (deployment_id: string) => autoPromote(world.deps, { tenant: TENANT, deployment_id });
  const promotions = async () => (await world.deps.promotions.list(TENANT, {}, { limit: 100 })).items;

  it('requests the promotion that a rule asks for, once', async () => {
    await world.rule('rule-1', 'development', 'staging');
    await record('dep-456');
    const [outcome] = await promote('dep-456');
    expect(outcome).toMatchObject({ result: 'created', rule_id: 'rule-1', deployment_id: 'dep-456' });
    expect(await promotions()).toMatchObject([
      {
        id: outcome?.promotion_id,
        rule_id: 'rule-1',
        source_environment: 'development',
        target_environment: 'staging',
        request: { agent_id: 'agent-123', source_deployment_id: 'dep-456', target_gateway_id: 'gw-stg' },
        requester: { subject: 'mach-ci', kind: 'machine' },
      },
    ]);
    expect(await promote('dep-456')).toMatchObject([{ result: 'already_attempted' }]);
    expect(await promotions()).toHaveLength(1);
  });

  it('requests one promotion when many hints come at once', async () => {
    await world.rule('rule-1', 'development', 'staging');
    await record('dep-456');
    const all = (await Promise.all(Array.from({ length: 6 }, () => promote('dep-456')))).flat();
    expect(all.filter(({ result }) => result === 'created')).toHaveLength(1);
    expect(await promotions()).toHaveLength(1);
  });

  it('requests one promotion where several rules of one hop hold', async () => {
    await world.rule('rule-1', 'development', 'staging');
    await world.rule('rule-2', 'development', 'staging');
    await record('dep-456');
    await promote('dep-456');
    await promote('dep-456');
    expect(await promotions()).toHaveLength(1);
  });

  it('requests it in the name of whoever reported last', async () => {
    await world.rule('rule-1', 'development', 'staging', {
      conditions: { field: 'tests.pass_rate', op: 'gte', value: 100 },
    });
    await record('dep-456');
    expect(await promote('dep-456')).toMatchObject([{ result: 'conditions_not_met' }]);
    await measure('dep-456', 100, DEV);
    await promote('dep-456');
    expect(await promotions()).toMatchObject([{ requester: { subject: 'dev', email: 'dev@acme.com' } }]);
  });

  it('does nothing without a choice of gateway, and says so', async () => {
    await world.gateway('gw-stg-2', 'staging');
    await world.rule('rule-1', 'development', 'staging');
    await record('dep-456');
    expect(await promote('dep-456')).toMatchObject([
      { result: 'ambiguous_gateway', detail: expect.stringContaining('target_gateway_id') },
    ]);
    expect(await promotions()).toEqual([]);
  });

  it('does nothing for what is not there, not live, or replaced', async () => {
    await world.rule('rule-1', 'development', 'staging');
    expect(await promote('dep-none')).toEqual([]);
    await record('dep-1');
    await record('dep-2');
    expect(await promote('dep-1')).toMatchObject([{ result: 'superseded' }]);
    await reportDeployment(world.deps, { principal: CI, id: 'dep-2', report: { status: 'ROLLED_BACK' } });
    expect(await promote('dep-2')).toMatchObject([{ result: 'not_deployed' }]);
    expect(await promotions()).toEqual([]);
  });

  it('says which refusal came back from a rule that skips a stage', async () => {
    await world.gateway('gw-prod', 'production');
    await world.rule('rule-1', 'development', 'production');
    await record('dep-456');
    expect(await promote('dep-456')).toMatchObject([{ result: 'missing_stages' }]);
  });

  it('stops after a rejection until what a person promotes of the subject is there', async () => {
    await world.rule('rule-1', 'development', 'staging', { requires_approval: true });
    await world.member(person('alice', 'approver'));
    await record('dep-1');
    const [first] = await promote('dep-1');
    const rejected = await rejectPromotion(world.deps, {
      principal: person('alice', 'approver'),
      id: first?.promotion_id ?? '',
      reason: 'not yet',
    });
    expect(rejected).toMatchObject({ status: 'rejected' });
    await record('dep-2');
    expect(await promote('dep-2')).toMatchObject([{ result: 'rejected' }]);
    const byHand = await createPromotion(world.deps, {
      actor: { subject: 'dev', email: 'dev@acme.com', kind: 'person' },
      tenant: TENANT,
      request: {
        kind: 'agent',
        agent_id: 'agent-123',
        source_deployment_id: 'dep-2',
        target_gateway_id: 'gw-stg',
        target_environment: 'staging',
      },
    });
    if (isRefusal(byHand)) throw new Error(byHand.detail);
    const { id } = byHand.state;
    await record('dep-3');
    expect(await promote('dep-3')).toMatchObject([{ result: 'rejected' }]);
    await approvePromotion(world.deps, { principal: person('alice', 'approver'), id });
    await executePromotion(world.deps, { principal: person('dev', 'promoter'), id });
    expect(await startExecution(world.deps, { tenant: TENANT, id })).toMatchObject({
      state: { status: 'completed' },
    });
    await record('dep-4');
    expect(await promote('dep-4')).toMatchObject([{ result: 'created' }]);
  });

  it('stops after a deployment was reported rolled back there', async () => {
    await world.rule('rule-1', 'development', 'staging');
    await record('dep-stg', 'staging', 'gw-stg');
    await reportDeployment(world.deps, { principal: CI, id: 'dep-stg', report: { status: 'ROLLED_BACK' } });
    await record('dep-1');
    expect(await promote('dep-1')).toMatchObject([{ result: 'held' }]);
  });
});
