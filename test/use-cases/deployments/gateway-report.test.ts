import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import type { InStatus } from '../../../functions/domain/promotion/state.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import type { PromotionRef } from '../../../functions/ports/promotion-store.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import { reportDeployment, type StatusReport } from '../../../functions/use-cases/deployments/report.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executeAndWait } from '../../../functions/use-cases/workflow/execute-and-wait.ts';
import { settle } from '../../../functions/use-cases/workflow/settle.ts';
import { CI, createWorld, DEV, machine, person, STORES, T0, TENANT, type World } from './world.ts';

const SLOT = {
  subject: { kind: 'agent', name: 'agent-123' },
  environment: 'staging',
  gateway: 'gw-http',
} as const;
const REQUEST = {
  kind: 'agent',
  agent_id: 'agent-123',
  source_deployment_id: 'dep-456',
  target_gateway_id: 'gw-http',
  target_environment: 'staging',
} as const;
const GATEWAY = machine('mach-gw', 'recorder');

describe.each(STORES)('a gateway that reports later, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  let ref: PromotionRef;
  let deployment_id: string;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
    await world.gateway('gw-http', 'staging', {
      driver: 'http',
      endpoint: 'https://gateway.example/deploy',
      principal: 'mach-gw',
    });
    await record('dep-456', 'development');
    const created = await createPromotion(world.deps, {
      actor: { subject: 'dev', email: 'dev@acme.com', kind: 'person' },
      tenant: TENANT,
      request: REQUEST,
    });
    if (isRefusal(created)) throw new Error(created.detail);
    ref = { tenant: TENANT, id: created.state.id };
  });
  afterEach(() => opened.stop());

  async function record(id: string, environment: string, gateway_id = 'gw-dev') {
    return recordDeployment(world.deps, {
      principal: CI,
      report: { id, subject: SLOT.subject, environment, gateway_id, status: 'DEPLOYED', details: {} },
    });
  }
  const token = {
    token: 't',
    attempt: 1,
    entered_time: T0,
    retry_count: 0,
    state: 'execute_and_wait',
  } as const;
  const execute = async (): Promise<InStatus<'executing'>> => {
    const state = await executeAndWait(world.deps, ref, token);
    if (state.status !== 'executing') throw new Error(state.status);
    deployment_id = state.deployment_id;
    return state;
  };
  const report = (given: StatusReport, principal: Principal = GATEWAY) =>
    reportDeployment(world.deps, { principal, id: deployment_id, report: given });
  const promotion = async () => (await world.deps.promotions.read(TENANT, ref.id))?.state;
  const head = () => world.deps.heads.read(TENANT, SLOT);

  it('completes the promotion with its report, once', async () => {
    world.outcome = { outcome: 'accepted' };
    await execute();
    expect(world.deployed).toMatchObject([
      { deployment_id, idempotency_key: deployment_id, agent_id: 'agent-123' },
    ]);
    world.advance('PT10M');
    expect(await report({ status: 'DEPLOYED' })).toMatchObject({
      id: deployment_id,
      status: 'DEPLOYED',
      live_at: world.now,
      recorded: false,
    });
    expect(await promotion()).toMatchObject({ status: 'completed', deployment_id });
    const swapped = await head();
    expect(swapped).toMatchObject({ deployment_id, revision: 1 });
    expect(swapped?.claim).toBeUndefined();
    expect(await report({ status: 'DEPLOYED' })).toMatchObject({ status: 'DEPLOYED' });
    expect(await head()).toEqual(swapped);
    expect(world.deployed).toHaveLength(1);
  });

  it('ends the step itself where its report comes just before the token of another attempt is stored', async () => {
    world.outcome = { outcome: 'accepted' };
    await execute();
    const woken: unknown[] = [];
    const late = {
      ...world.deps,
      workflow: {
        ...world.deps.workflow,
        wake: async (...call: unknown[]) => {
          woken.push(call);
          return 'woken' as const;
        },
      },
      tokens: {
        ...world.deps.tokens,
        async put(...stored: Parameters<typeof world.deps.tokens.put>) {
          await report({ status: 'DEPLOYED' });
          return world.deps.tokens.put(...stored);
        },
      },
    };
    const again = { ...token, token: 't2', attempt: 2 };
    expect(await executeAndWait(late, ref, again)).toMatchObject({ status: 'completed', deployment_id });
    expect(woken).toEqual([['t2', ref, 'done']]);
  });

  it('fails the promotion with its report, and frees the head', async () => {
    world.outcome = { outcome: 'accepted' };
    await execute();
    expect(await report({ status: 'FAILED', notes: 'out of memory' })).toMatchObject({ status: 'FAILED' });
    expect(await promotion()).toMatchObject({
      status: 'failed',
      failure: { message: 'out of memory', target_state: 'unchanged' },
    });
    const freed = await head();
    expect(freed).toMatchObject({ digest: null });
    expect(freed?.claim).toBeUndefined();
    expect(await report({ status: 'DEPLOYED' })).toMatchObject({ refused: 'invalid_transition' });
  });

  it.each([
    ['ROLLED_BACK', 'rolled_back'],
    ['FAILED', 'failed'],
  ] as const)(
    'may say %s once it is live: the promotion says so, and the head stays',
    async (status, outcome) => {
      world.outcome = { outcome: 'accepted' };
      await execute();
      expect(await report({ status: 'ROLLED_BACK' })).toMatchObject({ refused: 'invalid_transition' });
      await report({ status: 'DEPLOYED' });
      const before = await head();
      expect(await report({ status }, CI)).toMatchObject({ refused: 'not_authorized' });
      world.advance('PT5M');
      const said = { status, notes: 'errors rose' };
      expect(await report(said)).toMatchObject({
        status,
        ended_at: world.now,
        details: { notes: 'errors rose' },
      });
      expect(await promotion()).toMatchObject({
        status: 'completed',
        reversed: { outcome, by: { subject: 'mach-gw' }, at: world.now, message: 'errors rose' },
      });
      expect(await head()).toEqual(before);
      expect(await world.deps.promotions.onHold(TENANT, SLOT.subject, 'staging')).toBeDefined();
      const seq = (await promotion())?.seq;
      expect(await report(said)).toMatchObject({ status });
      expect((await promotion())?.seq).toBe(seq);
      expect(await report({ status: 'DEPLOYED' })).toMatchObject({ refused: 'invalid_transition' });
    },
  );

  it('is taken once when it says twice at once that it was taken back', async () => {
    world.outcome = { outcome: 'accepted' };
    await execute();
    await report({ status: 'DEPLOYED' });
    const all = await Promise.all([report({ status: 'ROLLED_BACK' }), report({ status: 'ROLLED_BACK' })]);
    expect(all).toMatchObject([{ status: 'ROLLED_BACK' }, { status: 'ROLLED_BACK' }]);
    const events = await world.deps.promotions.events(TENANT, ref.id, 0);
    expect(events.filter(({ event }) => event.type === 'OutcomeReversed')).toHaveLength(1);
  });

  it('is believed from nobody else, not even from whoever asked for it', async () => {
    world.outcome = { outcome: 'accepted' };
    await execute();
    for (const principal of [DEV, CI, { ...GATEWAY, tenant: 'globex' }]) {
      expect(isRefusal(await report({ status: 'DEPLOYED' }, principal))).toBe(true);
    }
    expect(await promotion()).toMatchObject({ status: 'executing' });
  });

  /** The gateway never answers, and everybody gives up. */
  async function givenUp(): Promise<void> {
    world.outcome = { outcome: 'unknown', message: 'no answer in time' };
    await expect(executeAndWait(world.deps, ref, token)).rejects.toMatchObject({ name: 'Unavailable' });
    const failed = await settle(world.deps, ref, {
      error: 'Unavailable',
      patient: false,
    });
    if (failed.status !== 'failed' || failed.deployment_id === undefined) throw new Error(failed.status);
    expect(failed.failure.target_state).toBe('unknown');
    deployment_id = failed.deployment_id;
  }

  it('settles a head whose outcome nobody knew, however late', async () => {
    await givenUp();
    expect(await record('dep-other', 'staging', 'gw-http')).toMatchObject({
      refused: 'conflict',
      data: { promotion_id: ref.id },
    });
    world.advance('P3D');
    expect(await report({ status: 'DEPLOYED' })).toMatchObject({ status: 'DEPLOYED', live_at: world.now });
    const settled = await head();
    expect(settled).toMatchObject({ deployment_id, revision: 1 });
    expect(settled?.claim).toBeUndefined();
    expect(await promotion()).toMatchObject({ status: 'failed' });
    expect(await record('dep-other', 'staging', 'gw-http')).toMatchObject({ created: true });
  });

  it('may be given by an admin who says why, once nobody knows the outcome and not before', async () => {
    const admin = person('ada', 'admin');
    const seen: StatusReport = { status: 'FAILED', notes: 'looked: it never arrived' };
    world.outcome = { outcome: 'accepted' };
    await execute();
    expect(await report(seen, admin)).toMatchObject({ refused: 'not_authorized' });
    await report({ status: 'FAILED' });
    const again = await createPromotion(world.deps, {
      actor: { subject: 'dev', email: 'dev@acme.com', kind: 'person' },
      tenant: TENANT,
      request: REQUEST,
    });
    if (isRefusal(again)) throw new Error(again.detail);
    ref = { tenant: TENANT, id: again.state.id };
    await givenUp();
    expect(await report({ status: 'FAILED' }, admin)).toMatchObject({ refused: 'not_authorized' });
    expect(await report(seen, { ...admin, tenant: 'globex' })).toMatchObject({ refused: 'not_found' });
    expect(await report(seen, admin)).toMatchObject({ status: 'FAILED' });
    expect((await head())?.claim).toBeUndefined();
  });

  it('is taken once when its report comes twice at once', async () => {
    world.outcome = { outcome: 'accepted' };
    await execute();
    const all = await Promise.all([report({ status: 'DEPLOYED' }), report({ status: 'DEPLOYED' })]);
    expect(all).toMatchObject([{ status: 'DEPLOYED' }, { status: 'DEPLOYED' }]);
    expect((await world.deps.heads.revisions(TENANT, SLOT, { limit: 10 })).items).toHaveLength(1);
  });
});
