import { beforeEach, describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../../functions/domain/digest.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import { emptyHead, swap } from '../../../functions/domain/promotion/head.ts';
import { entry, flag, PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { ACME, PRODUCTION, STAGING } from './world.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-11-21T09:00:00.000Z');

let stage: PromotionStage;
beforeEach(async () => {
  stage = await promotionStage();
});

const one = (key: string) => ({ promotionType: 'SELECTIVE', configIds: [key] });
const tried = async (id: string, body: object = {}) => {
  const answer = await stage.rollBack(id, body, '?dry_run=true');
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const open = async () => (await stage.dev('GET', `${PROMOTIONS}?status=pending`)).body.items;

/** Makes agents live in production. */
async function live(...names: readonly string[]): Promise<void> {
  const now = stage.world.deps.clock.now();
  for (const name of names) {
    const slot = { subject: { kind: 'agent' as const, name }, environment: 'production', gateway: 'gw-1' };
    const { head, revision } = swap(emptyHead(slot, now), {
      digest: digestOfBytes(name),
      cause: { by: 'record', deployment_id: `dep-${name}` },
      actor: SYSTEM,
      now,
    });
    await stage.world.deps.transactions.commit(ACME, [
      { write: 'head', head, expected: 0 },
      { write: 'revision', revision },
    ]);
  }
}

describe('the impact of a rollback', () => {
  it('is safe where only values change, and is told without writing anything', async () => {
    await live('agent-1');
    const { id } = await stage.carriedOut(one('query.timeout'));
    expect(await tried(id)).toMatchObject({
      type: 'rollback',
      wouldBe: 'pending',
      impact: {
        recommendation: 'SAFE',
        reasonCodes: [],
        affectedConsumers: [{ kind: 'agent', name: 'agent-1', gateway: 'gw-1' }],
        breakingChanges: [],
        laterPromotionsUndone: [],
        laterEditsUndone: 0,
        keys: 1,
        fromRevision: 2,
        toRevision: 1,
        policyCompatibility: [
          { name: 'policy_compliance', mode: 'block', status: 'PASSED', reasonCode: expect.any(String) },
        ],
        estimatedDowntimeSeconds: { median: 0, p90: 0 },
        revisions: [{ number: 1, version: null, at: expect.any(String) }],
      },
    });
    expect(await open()).toEqual([]);
    expect(await stage.rollBack(id)).toMatchObject({ status: 201, body: { impact: { keys: 1 } } });
  });

  it('is risky where readers may miss something, and then takes an acknowledgement', async () => {
    await live('agent-1');
    await stage.dev('POST', `${STAGING}/batch`, { put: [entry('service.1', 'now a text'), flag('a.flag')] });
    await stage.world.as('admin')('PUT', `${PRODUCTION}/flags/a.flag`, {
      enabled: true,
      variants: { on: 'a', off: 'b' },
      defaultVariant: 'on',
      reason: 'other variants',
    });
    const { id } = await stage.carriedOut();
    const { impact } = await tried(id);
    expect(impact).toMatchObject({
      recommendation: 'RISKY',
      reasonCodes: ['breaking_changes'],
      keys: 4,
      breakingChanges: [
        { key: 'ai.new-model', change: 'removed' },
        { key: 'service.1', change: 'type_changed' },
        { key: 'a.flag', change: 'variants_changed' },
      ],
    });
    expect(await stage.rollBack(id)).toMatchObject({
      status: 409,
      body: {
        code: 'risk_not_acknowledged',
        recommendation: 'RISKY',
        reasonCodes: ['breaking_changes'],
        detail: expect.stringContaining('set acknowledgeRisk to true'),
        errors: [{ field: 'acknowledgeRisk', problem: 'must be true' }],
      },
    });
    expect(await open()).toEqual([]);
    expect(await stage.rollBack(id, { acknowledgeRisk: false })).toMatchObject({ status: 409 });
    expect(await stage.rollBack(id, { acknowledgeRisk: true })).toMatchObject({ status: 201 });
  });

  it('of an added key is safe where nothing is live that could read the key', async () => {
    const { id } = await stage.carriedOut(one('ai.new-model'));
    const breakingChanges = [{ key: 'ai.new-model', change: 'removed' }];
    const safe = { recommendation: 'SAFE', reasonCodes: [], affectedConsumers: [], breakingChanges };
    expect((await tried(id)).impact).toMatchObject(safe);
    await live('agent-1');
    const risky = { recommendation: 'RISKY', reasonCodes: ['breaking_changes'], breakingChanges };
    expect((await tried(id)).impact).toMatchObject(risky);
  });

  it('of what others have undone already is that there is nothing to do', async () => {
    const { id } = await stage.carriedOut();
    await stage.edit('query.timeout', '120s');
    expect((await tried(id, { mode: 'revert' })).impact.recommendation).not.toBe('BLOCKED');
    const path = `${PRODUCTION}/configs/ai.new-model`;
    await stage.world.as('admin')('DELETE', path, { reason: 'not wanted' });
    expect((await tried(id, { mode: 'revert' })).impact).toMatchObject({
      recommendation: 'BLOCKED',
      reasonCodes: ['already_undone'],
    });
    expect(await stage.rollBack(id, { mode: 'revert', acknowledgeRisk: true })).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_promote', reason: 'already_undone' },
    });
    expect(await open()).toEqual([]);
  });

  it('names what else it takes back', async () => {
    const first = await stage.carriedOut(one('query.timeout'));
    await stage.edit('service.1', 17);
    const second = await stage.carriedOut(one('ai.new-model'));
    expect((await tried(first.id)).impact).toMatchObject({
      recommendation: 'RISKY',
      reasonCodes: ['later_edits_undone', 'later_promotions_undone'],
      laterPromotionsUndone: [second.id],
      laterEditsUndone: 1,
      keys: 3,
    });
    expect((await tried(first.id, { mode: 'revert' })).impact).toMatchObject({
      recommendation: 'SAFE',
      laterPromotionsUndone: [],
      laterEditsUndone: 0,
      keys: 1,
    });
  });

  it('is never safe when more is live there than can be named', async () => {
    const { id } = await stage.carriedOut(one('query.timeout'));
    await live(...Array.from({ length: 100 }, (_, n) => `agent-${n}`));
    expect((await tried(id)).impact).toMatchObject({
      recommendation: 'RISKY',
      reasonCodes: ['consumers_unknown'],
      affectedConsumers: null,
    });
  });

  it('is blocked, and the rollback refused, where it cannot be', async () => {
    const first = await stage.carriedOut(one('query.timeout'));
    await stage.edit('query.timeout', '1s');
    const blocked = await tried(first.id, { mode: 'revert' });
    expect(blocked).toEqual({
      wouldBe: null,
      impact: expect.objectContaining({ recommendation: 'BLOCKED', reasonCodes: ['target_moved'] }),
    });
  });

  it('is blocked where what was before is no longer surely kept', async () => {
    const { id } = await stage.carriedOut(one('query.timeout'));
    for (let n = 0; n < 90; n += 1) await stage.edit('service.1', n + 100);
    stage.world.at(new Date(START + 89 * DAY + 60_000).toISOString());
    expect((await tried(id)).impact).toMatchObject({
      recommendation: 'BLOCKED',
      reasonCodes: ['not_kept'],
    });
    expect(await stage.rollBack(id, { acknowledgeRisk: true })).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_promote', reason: 'not_kept' },
    });
    stage.world.at(new Date(START + 88 * DAY).toISOString());
    expect((await tried(id)).impact.recommendation).toBe('RISKY');
  });
});
