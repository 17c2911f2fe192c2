import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rule } from '../../../functions/domain/catalog/rule.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { Subject } from '../../../functions/domain/subject.ts';
import { type Check, checkAutoPromotion } from '../../../functions/use-cases/auto-promotion/check.ts';
import { measureDeployment } from '../../../functions/use-cases/deployments/measure.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { CI, createWorld, DEV, STORES, TENANT, type World } from '../deployments/world.ts';

const AGENT: Subject = { kind: 'agent', name: 'agent-123' };
/** The agent-promotion document's own conditions. */
const CONDITIONS: Rule['conditions'] = {
  all: [
    { field: 'tests.pass_rate', op: 'gte', value: 100 },
    { field: 'metrics.error_rate', op: 'lte', value: 0.01 },
  ],
};

describe.each(STORES)('checking auto-promotion, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
  });
  afterEach(() => opened.stop());

  async function record(id = 'dep-456', more: Partial<DeploymentReport> = {}): Promise<void> {
    const recorded = await recordDeployment(world.deps, {
      principal: CI,
      report: {
        id,
        subject: AGENT,
        environment: 'development',
        gateway_id: 'gw-dev',
        status: 'DEPLOYED',
        details: {},
        ...more,
      },
    });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
  }
  const measure = (pass_rate: number, id = 'dep-456') =>
    measureDeployment(world.deps, {
      principal: DEV,
      id,
      metrics: { tests: { pass_rate }, metrics: { error_rate: 0.01 } },
    });
  const check = async (deployment_id = 'dep-456'): Promise<Check> => {
    const checked = await checkAutoPromotion(world.deps, { principal: DEV, deployment_id });
    if (isRefusal(checked)) throw new Error(checked.refused);
    return checked;
  };

  it('holds with what the rule asks for, and names rule and gateway', async () => {
    await world.gateway('gw-stg', 'staging');
    await world.rule('rule-1', 'development', 'staging', { conditions: CONDITIONS });
    await record();
    await measure(100);
    expect(await check()).toMatchObject({
      should_promote: true,
      decisive: { rule: { id: 'rule-1' }, reason: 'conditions_met', target_gateway_id: 'gw-stg' },
    });
  });

  it('explains which leaf failed', async () => {
    await world.gateway('gw-stg', 'staging');
    await world.rule('rule-1', 'development', 'staging', { conditions: CONDITIONS });
    await record();
    await measure(99);
    const { should_promote, decisive } = await check();
    expect(should_promote).toBe(false);
    expect(decisive).toMatchObject({
      reason: 'conditions_not_met',
      explanation: {
        met: false,
        children: [
          { field: 'tests.pass_rate', expected: 100, actual: 99, met: false },
          { field: 'metrics.error_rate', actual: 0.01, met: true },
        ],
      },
    });
  });

  it('turns true on time at exactly 24 hours, not a millisecond before', async () => {
    await world.gateway('gw-stg', 'staging');
    await world.rule('rule-1', 'development', 'staging', {
      conditions: { field: 'deployment.duration_hours', op: 'gte', value: 24 },
    });
    await record();
    world.advance('PT23H59M59.999S');
    expect((await check()).should_promote).toBe(false);
    world.advance('PT0.001S');
    expect((await check()).should_promote).toBe(true);
  });

  it('knows no rule, or only rules that do not apply', async () => {
    await world.gateway('gw-stg', 'staging');
    await world.rule('rule-1', 'development', 'staging', { auto_promote: false });
    await world.rule('rule-2', 'development', 'staging', { status: 'inactive' });
    await world.rule('rule-3', 'staging', 'production');
    await record();
    expect(await check()).toEqual({ should_promote: false, decisive: undefined, verdicts: [] });
  });

  it('prefers the rule that promotes, and tells of all', async () => {
    await world.gateway('gw-stg', 'staging');
    await world.rule('rule-a', 'development', 'staging', { conditions: CONDITIONS });
    await world.rule('rule-b', 'development', 'staging');
    await record();
    const { should_promote, decisive, verdicts } = await check();
    expect({ should_promote, rule: decisive?.rule.id }).toEqual({ should_promote: true, rule: 'rule-b' });
    expect(verdicts.map(({ rule, reason }) => [rule.id, reason])).toEqual([
      ['rule-a', 'conditions_not_met'],
      ['rule-b', 'conditions_met'],
    ]);
  });

  describe('where the agent would go', () => {
    beforeEach(() => record());
    const decided = async () => {
      const { decisive, should_promote } = await check();
      return { should_promote, ...decisive };
    };

    it('is nowhere without a gateway', async () => {
      await world.gateway('gw-off', 'staging', { status: 'inactive' });
      await world.gateway('gw-prod', 'production');
      await world.rule('rule-1', 'development', 'staging');
      expect(await decided()).toMatchObject({ should_promote: false, reason: 'no_gateway' });
    });

    it('is nobody’s to guess among several', async () => {
      await world.gateway('gw-b', 'staging');
      await world.gateway('gw-a', 'staging');
      await world.rule('rule-1', 'development', 'staging');
      expect(await decided()).toMatchObject({
        should_promote: false,
        reason: 'ambiguous_gateway',
        detail: expect.stringContaining('gw-a, gw-b'),
      });
    });

    it('is where it runs already', async () => {
      await world.gateway('gw-a', 'staging');
      await world.gateway('gw-b', 'staging');
      await record('dep-stg', { environment: 'staging', gateway_id: 'gw-b' });
      await world.rule('rule-1', 'development', 'staging');
      expect(await decided()).toMatchObject({ reason: 'conditions_met', target_gateway_id: 'gw-b' });
    });

    it('is where the rule says, before all else', async () => {
      await world.gateway('gw-a', 'staging');
      await world.gateway('gw-b', 'staging');
      await record('dep-stg', { environment: 'staging', gateway_id: 'gw-b' });
      await world.rule('rule-1', 'development', 'staging', { target_gateway_id: 'gw-a' });
      expect(await decided()).toMatchObject({ reason: 'conditions_met', target_gateway_id: 'gw-a' });
    });

    it.each([
      ['of another environment', 'production', {}],
      ['that is not active', 'staging', { status: 'inactive' }],
    ] as const)('is not a gateway %s, though the rule names it', async (_, environment, more) => {
      await world.gateway('gw-a', 'staging');
      await world.gateway('gw-named', environment, more);
      await world.rule('rule-1', 'development', 'staging', { target_gateway_id: 'gw-named' });
      expect(await decided()).toMatchObject({ should_promote: false, reason: 'unknown_gateway' });
    });
  });

  describe('what stands in the way', () => {
    beforeEach(async () => {
      await world.gateway('gw-stg', 'staging');
      await world.rule('rule-1', 'development', 'staging');
    });
    const reason = async (id?: string) => {
      const { should_promote, decisive } = await check(id);
      return [should_promote, decisive?.reason];
    };

    it.each(['PENDING', 'FAILED', 'ROLLED_BACK'] as const)('a deployment that is %s', async (status) => {
      await record('dep-456', { status });
      expect(await reason()).toEqual([false, 'not_deployed']);
    });

    it('a newer deployment in its place', async () => {
      await record('dep-456');
      await record('dep-457');
      expect(await reason('dep-456')).toEqual([false, 'superseded']);
      expect(await reason('dep-457')).toEqual([true, 'conditions_met']);
    });

    it('a hold', async () => {
      await record();
      await world.commit({ write: 'hold', subject: AGENT, target: 'staging', held: true });
      expect(await reason()).toEqual([false, 'held']);
      await world.commit({ write: 'hold', subject: AGENT, target: 'staging', held: true, rejected: true });
      expect(await reason()).toEqual([false, 'rejected']);
      await world.commit({ write: 'hold', subject: AGENT, target: 'staging', held: false });
      expect(await reason()).toEqual([true, 'conditions_met']);
    });

    it('that the target runs the same already', async () => {
      await record('dep-456', { version_label: '1.0.0' });
      await record('dep-stg', { version_label: '1.0.0', environment: 'staging', gateway_id: 'gw-stg' });
      expect(await reason()).toEqual([false, 'already_active']);
    });

    it('an attempt by the same version of the rule, though the conditions still hold', async () => {
      await record();
      await world.commit({
        write: 'attempt',
        deployment_id: 'dep-456',
        rule_id: 'rule-1',
        rule_version: 1,
        promotion_id: 'prom-1',
      });
      expect(await reason()).toEqual([false, 'already_attempted']);
      await world.rule('rule-1', 'development', 'staging', { version: 2 });
      expect(await reason()).toEqual([true, 'conditions_met']);
    });

    it('a kind that rules do not promote', async () => {
      await record('dep-img', { subject: { kind: 'artifact', name: 'platform' } });
      expect(await reason('dep-img')).toEqual([false, 'kind_not_promoted']);
    });
  });

  it('has no effect', async () => {
    await world.gateway('gw-stg', 'staging');
    await world.rule('rule-1', 'development', 'staging');
    await record();
    const events = world.published.length;
    const before = await world.deps.deployments.read(TENANT, 'dep-456');
    expect((await check()).should_promote).toBe(true);
    expect((await check()).should_promote).toBe(true);
    expect(await world.deps.deployments.read(TENANT, 'dep-456')).toEqual(before);
    expect((await world.deps.promotions.list(TENANT, {}, { limit: 10 })).items).toEqual([]);
    expect(world.published).toHaveLength(events);
  });

  it('knows no foreign and no unknown deployment', async () => {
    await record();
    await expect(check('dep-1')).rejects.toThrow('not_found');
    expect(
      await checkAutoPromotion(world.deps, {
        principal: { ...DEV, tenant: 'globex' },
        deployment_id: 'dep-456',
      }),
    ).toMatchObject({ refused: 'not_found' });
  });
});
