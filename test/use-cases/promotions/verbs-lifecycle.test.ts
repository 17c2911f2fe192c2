import { describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { cancelPromotion } from '../../../functions/use-cases/promotions/cancel.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { readImpact } from '../../../functions/use-cases/promotions/impact.ts';
import { replayDecision } from '../../../functions/use-cases/promotions/replay-decision.ts';
import { requestChanges } from '../../../functions/use-cases/promotions/request-changes.ts';
import { resubmitPromotion } from '../../../functions/use-cases/promotions/resubmit.ts';
import { schedulePromotion } from '../../../functions/use-cases/promotions/schedule.ts';
import { unschedulePromotion } from '../../../functions/use-cases/promotions/unschedule.ts';
import { validatePromotion } from '../../../functions/use-cases/promotions/validate.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { STORES, T0, TENANT } from '../deployments/world.ts';
import { ALICE, DEV, VIEWER } from './people.ts';
import { recorded, requested, staged, started, sure, TO_PRODUCTION, typesOf } from './stage.ts';

describe.each(STORES)('verbs on a promotion, on $name', ({ open }) => {
  const stage = staged(open);

  it('gives it back for changes, and takes it up again', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    expect(await requestChanges(deps, { principal: ALICE, id, reason: 'Name the ticket' })).toMatchObject({
      status: 'pending',
      waiting_for: 'changes',
      changes_requested: 'Name the ticket',
    });
    expect(await approvePromotion(deps, { principal: ALICE, id })).toMatchObject({
      refused: 'invalid_transition',
    });
    expect(await resubmitPromotion(deps, { principal: DEV, id })).toMatchObject({
      status: 'pending',
      waiting_for: 'approval',
    });
    expect(await approvePromotion(deps, { principal: ALICE, id })).toMatchObject({ status: 'approved' });
  });

  it('voids approvals when the target moved, shows why, and asks again', async () => {
    const { deps } = stage();
    const { id, seal } = await requested(stage());
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    await recorded(stage(), 'dep-prod', 'agent-123', 'production');
    // Recorded on gw-production, not on this slot: nothing moved.
    expect(await validatePromotion(deps, { principal: DEV, id })).toMatchObject({ status: 'approved' });
    await recordedOn789('dep-other');
    expect(await executePromotion(deps, { principal: DEV, id })).toMatchObject({ refused: 'target_moved' });
    const stored = await deps.promotions.read(TENANT, id);
    expect(stored && (await readImpact(deps, stored.state))).toMatchObject({
      target_moved: true,
      replaces: { id: 'dep-other' },
    });
    const again = sure(await validatePromotion(deps, { principal: DEV, id }));
    expect(again).toMatchObject({ status: 'pending', waiting_for: 'approval', approvals: [] });
    expect(again.seal.manifest_digest).not.toBe(seal.manifest_digest);
    expect(await typesOf(stage(), id)).toContain('ApprovalsVoided');
    expect(sure(await replayDecision(deps, stage().ref(id))).same).toBe(true);
  });

  async function recordedOn789(id: string): Promise<void> {
    const { recordDeployment } = await import('../../../functions/use-cases/deployments/record.ts');
    sure(
      await recordDeployment(stage().deps, {
        principal: DEV,
        report: {
          id,
          subject: { kind: 'agent', name: TO_PRODUCTION.agent_id },
          environment: 'production',
          gateway_id: TO_PRODUCTION.target_gateway_id,
          status: 'DEPLOYED',
          details: {},
        },
      }),
    );
  }

  it('keeps a time set before approval, and forgets it when told', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    const at = '2026-03-02T08:00:00.000Z';
    expect(await schedulePromotion(deps, { principal: DEV, id, at })).toMatchObject({
      status: 'pending',
      schedule: { at, on_missed: 'execute' },
    });
    expect(await approvePromotion(deps, { principal: ALICE, id })).toMatchObject({ status: 'scheduled' });
    expect(await deps.promotions.read(TENANT, id)).toMatchObject({ workflowRecord: { due_at: at } });
    expect(await executePromotion(deps, { principal: DEV, id })).toMatchObject({
      refused: 'invalid_transition',
    });
    expect(await unschedulePromotion(deps, { principal: DEV, id })).toMatchObject({ status: 'approved' });
    expect(await schedulePromotion(deps, { principal: DEV, id, at: T0 })).toMatchObject({
      refused: 'invalid_request',
    });
  });

  it.each(['nobody', 'somebody else'])(
    'answers what a commit did that never answered, with %s after it',
    async (after) => {
      const { deps } = stage();
      const { id } = await requested(stage());
      let first = true;
      const deaf: typeof deps = {
        ...deps,
        transactions: {
          async commit(tenant, writes) {
            const result = await deps.transactions.commit(tenant, writes);
            if (!first) return result;
            first = false;
            if (after !== 'nobody') sure(await resubmitPromotion(deps, { principal: DEV, id }));
            throw new Fault('Unavailable', 'no answer');
          },
        },
      };
      const answer = await requestChanges(deaf, { principal: ALICE, id, reason: 'once' }).catch(String);
      expect(answer).toMatchObject({ waiting_for: 'changes' });
      expect((await typesOf(stage(), id)).filter((type) => type === 'ChangesRequested')).toHaveLength(1);
    },
  );

  it('is cancelled by its requester, or by whoever may cancel others’', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    const other = {
      ...ALICE,
      subject: 'eve',
      email: 'eve@acme.com',
      grants: [{ role: 'developer' as const }],
    };
    expect(await cancelPromotion(deps, { principal: other, id })).toMatchObject({
      refused: 'not_authorized',
    });
    expect(await cancelPromotion(deps, { principal: DEV, id, reason: 'wrong one' })).toMatchObject({
      status: 'cancelled',
      reason: 'wrong one',
    });
  });

  it('closes an expired one at whatever command comes, and says so', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    stage().advance('P7D');
    expect(await approvePromotion(deps, { principal: ALICE, id })).toMatchObject({ refused: 'expired' });
    expect(await deps.promotions.read(TENANT, id)).toMatchObject({
      state: { status: 'rejected', closed_by: 'expiry', rejected_by: { kind: 'system' } },
      workflowRecord: { work: [] },
    });
    expect(await approvePromotion(deps, { principal: ALICE, id })).toMatchObject({
      refused: 'already_decided',
    });
  });

  it('asks for execution once, and is content when it runs or is done', async () => {
    const { deps } = stage();
    const id = await started(stage());
    const asked = await deps.promotions.read(TENANT, id);
    expect(await executePromotion(deps, { principal: ALICE, id })).toEqual(asked?.state);
    expect(await execute(deps, stage().ref(id))).toMatchObject({ status: 'completed' });
    expect(isRefusal(await executePromotion(deps, { principal: ALICE, id }))).toBe(false);
    expect(await executePromotion(deps, { principal: VIEWER, id })).toMatchObject({
      refused: 'not_authorized',
    });
    expect((await typesOf(stage(), id)).filter((type) => type === 'ExecutionRequested')).toHaveLength(1);
  });

  it('is refused while the environment is locked', async () => {
    const { deps } = stage();
    const { id } = await requested(stage());
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    await lock();
    expect(await executePromotion(deps, { principal: DEV, id })).toMatchObject({
      refused: 'locked',
      data: { reason: 'incident' },
    });
  });

  async function lock(): Promise<void> {
    const item = await stage().deps.catalog.item(TENANT, 'environment', 'production');
    if (item === undefined) throw new Error('no production');
    const locked = { ...item, version: item.version + 1, lock: { reason: 'incident', by: 'admin', at: T0 } };
    await stage().commit({
      write: 'catalog',
      entry: { type: 'environment', item: locked },
      expected: item.version,
    });
  }
});
