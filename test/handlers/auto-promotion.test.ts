import { beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../functions/domain/faults.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import { autoPromoteHandler } from '../../functions/handlers/events/auto-promote.ts';
import { evaluateRulesHandler } from '../../functions/handlers/schedule/evaluate-rules.ts';
import { recordDeployment } from '../../functions/use-cases/deployments/record.ts';
import { memoryCursors } from '../support/memory/cursors.ts';
import { memoryStores } from '../support/replayed-stores.ts';
import { CI, createWorld, TENANT, type World } from '../use-cases/deployments/world.ts';
import { testLog } from './log.ts';

describe('auto-promotion', () => {
  let world: World;
  let log: ReturnType<typeof testLog>;
  beforeEach(async () => {
    world = await createWorld(memoryStores);
    log = testLog();
    await world.gateway('gw-stg', 'staging');
    await world.rule('rule-1', 'development', 'staging');
    const recorded = await recordDeployment(world.deps, {
      principal: CI,
      report: {
        id: 'dep-456',
        subject: { kind: 'agent', name: 'agent-123' },
        environment: 'development',
        status: 'DEPLOYED',
        details: {},
      },
    });
    expect(isRefusal(recorded)).toBe(false);
  });
  const promotions = async () => (await world.deps.promotions.list(TENANT, {}, { limit: 10 })).items;
  /** The event as EventBridge hands it over: what was put on the bus, in its envelope. */
  const delivered = (detail: unknown = world.published[0]) => ({
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': 'dev.cdevents.service.deployed.0.3.0',
    source: 'sluice',
    account: '123456789012',
    time: '2026-03-01T09:00:00Z',
    region: 'eu-central-1',
    resources: [],
    detail,
  });

  describe('on the bus', () => {
    const handler = () => autoPromoteHandler(() => world.deps, log);

    it('promotes what went live, however often it hears of it', async () => {
      await handler()(delivered());
      await handler()(delivered());
      expect(await promotions()).toMatchObject([{ rule_id: 'rule-1', target_environment: 'staging' }]);
      expect(log.lines).toMatchObject([
        { level: 'info', message: 'auto_promotion', data: { result: 'created', deployment_id: 'dep-456' } },
        { level: 'info', message: 'auto_promotion', data: { result: 'already_attempted' } },
      ]);
    });

    it.each([
      'dev.cdevents.service.deployed.0.3.0',
      'dev.cdevents.service.upgraded.0.3.0',
      'dev.cdeventsx.sluice-deployment.measured.0.1.0',
    ])('hears %s', async (type) => {
      await handler()(delivered({ ...world.published[0], type }));
      expect(await promotions()).toHaveLength(1);
    });

    it('lets other events of a service pass', async () => {
      const type = 'dev.cdevents.service.rolledback.0.3.0';
      await handler()(delivered({ ...world.published[0], type }));
      expect(await promotions()).toEqual([]);
    });

    it.each([
      ['nothing', undefined],
      ['no detail', {}],
      ['a detail that is no CloudEvent', { detail: { tenant: TENANT, deployment_id: 'dep-456' } }],
      [
        'an id that is none',
        delivered({
          specversion: '1.0',
          id: '1',
          type: 't',
          data: { customData: { tenant: 'a#b', deployment_id: 'x' } },
        }),
      ],
    ])('drops %s, and says so: trying again would not help', async (_, event) => {
      await handler()(event);
      expect(log.lines).toMatchObject([{ level: 'warn', message: 'not_a_hint' }]);
    });

    it('does nothing about a deployment of another tenant', async () => {
      const [event] = world.published;
      await handler()(
        delivered({ ...event, data: { customData: { ...event?.data.customData, tenant: 'globex' } } }),
      );
      expect(await promotions()).toEqual([]);
      expect(log.lines).toEqual([]);
    });

    it('fails with the fault, so that it is delivered again', async () => {
      const read = () => Promise.reject(new Fault('Unavailable', 'the table is away'));
      const deps = { ...world.deps, deployments: { ...world.deps.deployments, read } };
      await expect(autoPromoteHandler(() => deps, log)(delivered())).rejects.toMatchObject({
        name: 'Unavailable',
      });
    });
  });

  it('is evaluated every five minutes, and tells what it did', async () => {
    const handler = evaluateRulesHandler(() => ({ ...world.deps, cursors: memoryCursors() }), log);
    await handler();
    await handler();
    expect(await promotions()).toHaveLength(1);
    expect(log.lines).toMatchObject([
      { message: 'auto_promotion', data: { result: 'created', tenant: TENANT, deployment_id: 'dep-456' } },
      { message: 'rules_evaluated', data: { deployments: 1, unfinished: false } },
      { message: 'rules_evaluated', data: { deployments: 1, unfinished: false } },
    ]);
  });
});
