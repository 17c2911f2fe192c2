import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../functions/domain/identity/principal.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { recordOutcome } from '../../../functions/use-cases/promotions/complete.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import { execute } from '../../../functions/use-cases/workflow/execute.ts';
import { settle } from '../../../functions/use-cases/workflow/settle.ts';
import { STORES, T0, TENANT } from '../deployments/world.ts';
import { ALICE, DEV, GATEWAY } from './people.ts';
import {
  asked,
  OVER_HTTP,
  recorded,
  requested,
  type Stage,
  staged,
  started,
  sure,
  TO_PRODUCTION,
  typesOf,
} from './stage.ts';

const SLOT = {
  subject: { kind: 'agent', name: 'agent-123' },
  environment: 'production',
  gateway: 'gw-http',
} as const;
const TIMEOUT = { error: 'Unavailable', patient: true };

describe.each(STORES)('executing a promotion, on $name', ({ open }) => {
  const stage = staged(open);
  const headOf = () => stage().deps.heads.read(TENANT, SLOT);
  const report = (deployment_id: string, outcome: 'live' | 'failed') =>
    recordOutcome(stage().deps, { tenant: TENANT, deployment_id, outcome, actor: actorOf(GATEWAY) });

  it('claims and completes in one commit where nothing happens outside', async () => {
    const { deps, ref } = stage();
    const id = await started(stage());
    let commits = 0;
    const counting = stage().interrupted(-1, async () => {});
    const { commit } = counting.transactions;
    counting.transactions.commit = async (...args) => {
      commits += 1;
      return await commit(...args);
    };
    expect(await execute(counting, ref(id))).toMatchObject({ status: 'completed', fence: 1 });
    expect(commits).toBe(1);
    expect(await deps.heads.read(TENANT, { ...SLOT, gateway: 'gw-789' })).toMatchObject({
      revision: 1,
      version: 1,
    });
    expect(stage().published.map(({ type }) => type)).toContain('dev.cdevents.service.deployed.0.3.0');
  });

  it('runs again without doing anything again', async () => {
    const { deps, ref } = stage();
    const id = await started(stage(), OVER_HTTP);
    const first = await execute(deps, ref(id));
    expect(await execute(deps, ref(id))).toEqual(first);
    expect(stage().deployed).toHaveLength(1);
  });

  it('waits for the gateway that reports later, the head claimed and the deployment pending', async () => {
    const { deps, ref } = stage();
    const id = await started(stage(), OVER_HTTP);
    stage().outcome = { outcome: 'accepted' };
    const state = await execute(deps, ref(id));
    if (state.status !== 'executing') throw new Error(state.status);
    expect(await headOf()).toMatchObject({ digest: null, claim: { promotion: id, fence: state.fence } });
    expect(await deps.deployments.read(TENANT, state.deployment_id)).toMatchObject({ status: 'PENDING' });
    expect(sure(await report(state.deployment_id, 'live'))).toMatchObject({ status: 'completed' });
    expect(await headOf()).toMatchObject({ digest: state.seal.plan.source.digest, revision: 1 });
    expect(await deps.deployments.read(TENANT, state.deployment_id)).toMatchObject({ status: 'DEPLOYED' });
    expect(sure(await report(state.deployment_id, 'live'))).toMatchObject({ status: 'completed' });
    expect(await report(state.deployment_id, 'failed')).toMatchObject({ refused: 'invalid_transition' });
    expect(await report('dep-456', 'live')).toMatchObject({ refused: 'not_found' });
  });

  it('fails with the target unchanged when the gateway refuses, now or later', async () => {
    const { deps, ref } = stage();
    const id = await started(stage(), OVER_HTTP);
    stage().outcome = { outcome: 'refused', message: '422 no such image' };
    const failed = await execute(deps, ref(id));
    expect(failed).toMatchObject({
      status: 'failed',
      failure: { code: 'gateway_refused', target_state: 'unchanged', technical: '422 no such image' },
    });
    expect(await headOf()).toMatchObject({ digest: null, revision: 0 });
    expect((await headOf())?.claim).toBeUndefined();

    stage().outcome = { outcome: 'accepted' };
    const again = await execute(deps, ref(await started(stage(), OVER_HTTP)));
    if (again.status !== 'executing') throw new Error(again.status);
    expect(sure(await report(again.deployment_id, 'failed'))).toMatchObject({
      status: 'failed',
      failure: { code: 'deployment_failed', target_state: 'unchanged' },
    });
    expect((await headOf())?.claim).toBeUndefined();
    expect(await deps.deployments.read(TENANT, again.deployment_id)).toMatchObject({ status: 'FAILED' });
  });

  it('asks an unknown outcome again under the same key, with the same fence', async () => {
    const { deps, ref } = stage();
    const id = await started(stage(), OVER_HTTP);
    stage().outcome = { outcome: 'unknown', message: 'timed out' };
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'Unavailable' });
    stage().outcome = { outcome: 'live' };
    expect(await execute(deps, ref(id))).toMatchObject({ status: 'completed' });
    const keys = stage().deployed.map(({ idempotency_key, fence }) => `${idempotency_key} ${fence}`);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('keeps the claim while nobody knows, until a late report settles it', async () => {
    const { deps, ref } = stage();
    for (const outcome of ['failed', 'live'] as const) {
      const id = await started(stage(), OVER_HTTP);
      stage().outcome = { outcome: 'unknown', message: 'timed out' };
      await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'Unavailable' });
      const lost = await settle(deps, ref(id), TIMEOUT);
      expect(lost).toMatchObject({ status: 'failed', failure: { target_state: 'unknown' } });
      expect(await headOf()).toMatchObject({ claim: { promotion: id } });
      const deployment_id = stage().deployed.at(-1)?.deployment_id ?? '';
      expect(await deps.deployments.read(TENANT, deployment_id)).toMatchObject({ status: 'PENDING' });

      expect(sure(await report(deployment_id, outcome))).toMatchObject({ status: 'failed' });
      expect((await headOf())?.claim).toBeUndefined();
      expect(await headOf()).toMatchObject(
        outcome === 'live' ? { revision: 1, deployment_id } : { revision: 0 },
      );
      expect(await deps.deployments.read(TENANT, deployment_id)).toMatchObject({
        status: outcome === 'live' ? 'DEPLOYED' : 'FAILED',
      });
      expect(sure(await report(deployment_id, outcome))).toMatchObject({ status: 'failed' });
      const other = outcome === 'live' ? 'failed' : 'live';
      expect(await report(deployment_id, other)).toMatchObject({ refused: 'invalid_transition' });
    }
  });

  it('settles what a fault left: completes what the gateway did, leaves what it still does, fails what never began', async () => {
    const { deps, ref } = stage();
    const id = await started(stage(), OVER_HTTP);
    stage().outcome = { outcome: 'unknown', message: 'timed out' };
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'Unavailable' });
    stage().outcome = { outcome: 'accepted' };
    expect(await settle(deps, ref(id), TIMEOUT)).toMatchObject({ status: 'executing' });
    stage().outcome = { outcome: 'live' };
    expect(await settle(deps, ref(id), TIMEOUT)).toMatchObject({ status: 'completed' });
    expect(await settle(deps, ref(id), TIMEOUT)).toMatchObject({ status: 'completed' });

    const waiting = await requested(stage());
    expect(await settle(deps, ref(waiting.id), TIMEOUT)).toMatchObject({ status: 'pending' });
    expect(await deps.workflowRecords.due('2026-03-01T10:00:00.000Z', { limit: 10 })).toMatchObject({
      items: [{ id: waiting.id }],
    });
  });

  it('fails what never began when the fault will not pass', async () => {
    const { deps, ref } = stage();
    const id = await started(stage());
    const broken = { error: 'TypeError', patient: true };
    const state = await settle(deps, ref(id), broken);
    expect(state).toMatchObject({
      status: 'failed',
      failure: {
        code: 'not_started',
        target_state: 'unchanged',
        technical: 'TypeError: the step broke off before anything was claimed',
      },
    });
  });

  it.each(['FormatUnsupported', 'ReadOnly'])(
    'fails nothing because the table was not there to be written (%s): it begins again',
    async (error) => {
      const { deps, ref } = stage();
      const id = await started(stage());
      const state = await settle(deps, ref(id), { error, patient: true });
      expect(state).toMatchObject({ status: 'approved' });
      expect(await deps.workflowRecords.due('2026-03-01T10:00:00.000Z', { limit: 10 })).toMatchObject({
        items: [{ id }],
      });
    },
  );

  it('decides again when a rule changes between its facts and its claim', async () => {
    const { deps, ref } = stage();
    const id = await started(stage());
    const stricter = {
      ...(await stage().rule('rule-2', 'development', 'staging')),
      id: 'rule-3',
      source_environment: 'staging',
      target_environment: 'production',
      requires_approval: true,
      required_approvers: 2,
    };
    const racing = stage().interrupted(0, () =>
      stage().commit(
        { write: 'catalog', entry: { type: 'rule', item: stricter }, expected: 0 },
        { write: 'raise_guard', environment: 'production' },
      ),
    );
    await expect(execute(racing, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await deps.promotions.read(TENANT, id)).toMatchObject({
      state: { status: 'pending', waiting_for: 'approval', approvals: [], reason_code: 'policy_changed' },
    });
    expect(await deps.heads.read(TENANT, { ...SLOT, gateway: 'gw-789' })).toBeUndefined();
  });

  it('goes back to its people when the head moves between its facts and its claim', async () => {
    const { deps, ref } = stage();
    const id = await started(stage());
    await recorded(stage(), 'dep-457', 'agent-123', 'staging');
    const rival = await started(stage(), { ...TO_PRODUCTION, source_deployment_id: 'dep-457' });
    const racing = stage().interrupted(0, () => execute(deps, ref(rival)));
    await expect(execute(racing, ref(id))).rejects.toMatchObject({ name: 'TargetMoved' });
    expect(await deps.promotions.read(TENANT, id)).toMatchObject({
      state: { status: 'pending', reason_code: 'target_moved', approvals: [] },
    });
  });

  it('is blocked while another promotion holds the head', async () => {
    const { deps, ref } = stage();
    stage().outcome = { outcome: 'accepted' };
    const holder = await started(stage(), OVER_HTTP);
    await recorded(stage(), 'dep-457', 'agent-123', 'staging');
    const second = await started(stage(), { ...OVER_HTTP, source_deployment_id: 'dep-457' });
    expect(await execute(deps, ref(holder))).toMatchObject({ status: 'executing' });
    await expect(execute(deps, ref(second))).rejects.toMatchObject({ name: 'TargetMoved' });
    expect(await deps.promotions.read(TENANT, second)).toMatchObject({
      state: { status: 'blocked', blocked_by: ['target_moved'] },
    });
    expect(stage().deployed).toHaveLength(1);
  });

  it('fails when what it would deploy, or where, is gone', async () => {
    const { deps, ref } = stage();
    const id = await started(stage());
    const gateway = await deps.catalog.item(TENANT, 'gateway', 'gw-789');
    if (gateway === undefined) throw new Error('no gateway');
    const item = { ...gateway, status: 'inactive' as const, version: gateway.version + 1 };
    await stage().commit({ write: 'catalog', entry: { type: 'gateway', item }, expected: gateway.version });
    expect(await execute(deps, ref(id))).toMatchObject({
      status: 'failed',
      failure: { code: 'unknown_gateway', target_state: 'unchanged' },
    });
    expect(await typesOf(stage(), id)).not.toContain('ExecutionStarted');
  });

  it('is stopped by a lock that comes after the request to execute, and keeps its approvals', async () => {
    const { deps, ref } = stage();
    const id = await started(stage());
    await lock(stage());
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await deps.promotions.read(TENANT, id)).toMatchObject({
      state: { status: 'blocked', blocked_by: ['locked'], approvals: [{ actor: { subject: 'alice' } }] },
    });
  });

  it('never begins without having been asked to', async () => {
    const { deps, ref } = stage();
    const { id } = await requested(stage());
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    sure(await approvePromotion(deps, { principal: ALICE, id }));
    await expect(execute(deps, ref(id))).rejects.toMatchObject({ name: 'SealBroken' });
    expect(await deps.heads.ofSubject(TENANT, { kind: 'agent', name: 'agent-123' })).toHaveLength(1);
    sure(await executePromotion(deps, { principal: DEV, id }));
    expect(await createPromotion(deps, asked())).toMatchObject({ refused: 'already_open' });
  });
});

async function lock(stage: Stage): Promise<void> {
  const item = await stage.deps.catalog.item(TENANT, 'environment', 'production');
  if (item === undefined) throw new Error('no production');
  const locked = { ...item, version: item.version + 1, lock: { reason: 'incident', by: 'admin', at: T0 } };
  await stage.commit({
    write: 'catalog',
    entry: { type: 'environment', item: locked },
    expected: item.version,
  });
}
