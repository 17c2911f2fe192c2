import { beforeEach, describe, expect, it } from 'vitest';
import { recordedEnvironment } from '../../../functions/domain/audit/recorded.ts';
import type { Environment } from '../../../functions/domain/catalog/environment.ts';
import { commitRecorded } from '../../support/recorded.ts';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { ACME } from './world.ts';

let stage: PromotionStage;
let id: string;
beforeEach(async () => {
  stage = await promotionStage();
  ({ id } = await stage.carriedOut({ promotionType: 'SELECTIVE', configIds: ['query.timeout'] }));
});

const NOW = '2026-11-21T09:00:00.000Z';
const lock = { reason: 'an incident', by: 'admin', at: NOW };

/** Alters an environment as the API that owns it does, the guard raised with it. */
async function alter(name: string, changes: Partial<Environment>): Promise<void> {
  const { deps } = stage.world;
  const { catalog } = deps;
  const environment = await catalog.item(ACME, 'environment', name);
  if (environment === undefined) throw new Error(`no ${name}`);
  const { version, guard } = environment;
  const item = { ...environment, ...changes, version: version + 1, guard: guard + 1 };
  const told = {
    action: 'update',
    target: { type: 'environment', id: name },
    before: recordedEnvironment(environment),
    after: recordedEnvironment(item),
  } as const;
  const write = { write: 'catalog', entry: { type: 'environment', item }, expected: version } as const;
  await commitRecorded(deps, ACME, told, write);
}

describe('what a rollback needs', () => {
  const toFirst = { toRevision: 1, acknowledgeRisk: true };

  it.each([
    ['environment', { lock }, {}],
    ['tenant', { tenant_lock: lock }, {}],
    ['environment', { lock }, toFirst],
    ['tenant', { tenant_lock: lock }, toFirst],
  ])('is no lock of the %s: it is refused, and says so when tried', async (scope, locked, back) => {
    await alter('production', locked);
    expect(await stage.rollBack(id, back)).toMatchObject({
      status: 423,
      body: { code: 'locked', scope, recommendation: 'BLOCKED', reasonCodes: ['locked'] },
    });
    expect((await stage.rollBack(id, back, '?dry_run=true')).body).toMatchObject({
      wouldBe: null,
      impact: { recommendation: 'BLOCKED', reasonCodes: ['locked'], revisions: [{ number: 1 }] },
    });
  });

  it.each([
    ['of a promotion', {}],
    ['to a revision', toFirst],
  ])('is no lock at its execution either, %s', async (_, asked) => {
    const back = (await stage.rollBack(id, asked)).body.id;
    await stage.alice('POST', `${PROMOTIONS}/${back}/approve`);
    await stage.dev('POST', `${PROMOTIONS}/${back}/execute`);
    await alter('production', { lock });
    await expect(stage.world.run(back)).rejects.toMatchObject({ name: 'SealBroken' });
    expect((await stage.dev('GET', `${PROMOTIONS}/${back}`)).body).toMatchObject({
      status: 'blocked',
      blockedBy: ['locked'],
    });
  });

  it.each([
    ['of a promotion', {}],
    ['to a revision', toFirst],
  ])('is not an end of a freeze, %s', async (_, asked) => {
    const item = {
      id: 'frz-1',
      environment: 'production',
      reason: 'holidays',
      starts_at: '2026-11-20T00:00:00.000Z',
      ends_at: '2026-12-31T00:00:00.000Z',
      mode: 'deny',
      on_due: 'wait',
      created_by: 'admin',
      version: 1,
      created_at: NOW,
      updated_at: NOW,
    } as const;
    await stage.world.deps.transactions.commit(ACME, [
      { write: 'catalog', entry: { type: 'freeze', item }, expected: 0 },
    ]);
    const forward = (await stage.ask()).body;
    await stage.alice('POST', `${PROMOTIONS}/${forward.id}/approve`);
    expect((await stage.dev('POST', `${PROMOTIONS}/${forward.id}/execute`)).status).toBe(423);
    const back = (await stage.rollBack(id, asked)).body;
    expect(await stage.finished(back.id)).toMatchObject({ status: 'completed' });
  });

  it('is no evidence but a signature', async () => {
    const blocking = (name: string) => ({ name, mode: 'block', applies_to: ['config'] }) as const;
    await alter('production', { gates: [blocking('tests')] });
    expect((await stage.ask()).body).toMatchObject({ status: 'blocked', blockedBy: ['tests'] });
    expect(await stage.rollBack(id)).toMatchObject({
      status: 409,
      body: { code: 'risk_not_acknowledged', reasonCodes: ['policy_incompatible'] },
    });
    const back = (await stage.rollBack(id, { acknowledgeRisk: true })).body;
    expect(back).toMatchObject({
      status: 'pending',
      impact: {
        policyCompatibility: [
          { name: 'policy_compliance', status: 'PASSED' },
          { name: 'tests', mode: 'block', status: 'FAILED', reasonCode: expect.any(String) },
        ],
      },
      gates: [
        { name: 'policy_compliance', status: 'PASSED' },
        { name: 'tests', status: 'SKIPPED', reasonCode: 'not_for_rollbacks' },
      ],
    });
    await alter('production', { gates: [blocking('signature')] });
    const validated = (await stage.dev('POST', `${PROMOTIONS}/${back.id}/validate`)).body;
    expect(validated).toMatchObject({ status: 'blocked', blockedBy: ['signature'] });
  });

  it('is an approval unless the environment says that it is none', async () => {
    expect((await stage.rollBack(id, {}, '?dry_run=true')).body).toMatchObject({ requiresApproval: true });
    await alter('production', { rollback: { requires_approval: false } });
    const back = (await stage.rollBack(id)).body;
    expect(back).toMatchObject({ status: 'approved', requiresApproval: false });
    expect(await stage.executed(back.id)).toMatchObject({ status: 'completed' });
    expect((await stage.ask()).body).toMatchObject({ status: 'pending', requiresApproval: true });
  });
});
