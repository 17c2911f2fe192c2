import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../functions/domain/identity/principal.ts';
import type { DeployOutcome } from '../../functions/ports/gateway-driver.ts';
import { recordDeployment } from '../../functions/use-cases/deployments/record.ts';
import { approvePromotion } from '../../functions/use-cases/promotions/approve.ts';
import { recordOutcome } from '../../functions/use-cases/promotions/complete.ts';
import { createPromotion } from '../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../functions/use-cases/promotions/execute.ts';
import { rejectPromotion } from '../../functions/use-cases/promotions/reject.ts';
import { validatePromotion } from '../../functions/use-cases/promotions/validate.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { ALICE, BOB, DEV, GATEWAY } from '../use-cases/promotions/people.ts';
import { sure } from '../use-cases/promotions/stage.ts';
import { createWorld, REQUEST, TO_STAGING, type World } from './support/world.ts';

describe.skipIf(skipWithoutEngine())('the promotion workflow: real definition, handlers and table', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  /** A promotion whose execution has run as far as it can. */
  async function requested(world: World, request = REQUEST): Promise<string> {
    const { tenant, host, invoke } = world;
    const created = sure(
      await invoke((deps) => createPromotion(deps, { actor: actorOf(DEV), tenant, request })),
    );
    await host.pump();
    return created.state.id;
  }

  async function approveAndExecute(world: World, id: string): Promise<void> {
    const { tenant, host, invoke } = world;
    sure(await invoke((deps) => approvePromotion(deps, { principal: { ...ALICE, tenant }, id })));
    sure(await invoke((deps) => executePromotion(deps, { principal: { ...DEV, tenant }, id })));
    await host.pump();
  }

  const stateOf = async ({ deps, tenant }: World, id: string) =>
    (await deps.promotions.read(tenant, id))?.state;
  const runOf = ({ host }: World, id: string) => host.runs.get(`${id}-1`);

  it('takes an approved promotion through five transitions, each approval wait being one', async () => {
    const world = await createWorld(engine);
    const id = await requested(world);
    expect(runOf(world, id)).toMatchObject({ status: 'running', transitions: ['Assess', 'Route', 'Await'] });
    await approveAndExecute(world, id);
    expect(await stateOf(world, id)).toMatchObject({ status: 'completed' });
    expect(runOf(world, id)).toMatchObject({
      status: 'ended',
      transitions: ['Assess', 'Route', 'Await', 'Route', 'Execute'],
    });
  });

  it('takes one that nobody approves through three', async () => {
    const world = await createWorld(engine);
    const id = await requested(world, TO_STAGING);
    expect(await stateOf(world, id)).toMatchObject({ status: 'completed' });
    expect(runOf(world, id)).toMatchObject({ status: 'ended', transitions: ['Assess', 'Route', 'Execute'] });
  });

  it('ends when a person says no', async () => {
    const world = await createWorld(engine);
    const id = await requested(world);
    const principal = { ...ALICE, tenant: world.tenant };
    sure(await world.invoke((deps) => rejectPromotion(deps, { principal, id, reason: 'no' })));
    await world.host.pump();
    expect(runOf(world, id)).toMatchObject({
      status: 'ended',
      transitions: ['Assess', 'Route', 'Await', 'Route', 'Done'],
    });
  });

  it('waits for the gateway’s report without a further transition', async () => {
    const world = await createWorld(engine, () => ({ outcome: 'accepted' }));
    const { tenant } = world;
    const id = await requested(world);
    await approveAndExecute(world, id);
    expect(await stateOf(world, id)).toMatchObject({ status: 'executing' });
    expect(runOf(world, id)).toMatchObject({ status: 'running' });
    const deployment_id = world.deployed[0]?.deployment_id ?? '';
    const actor = actorOf(GATEWAY);
    sure(
      await world.invoke((deps) => recordOutcome(deps, { tenant, deployment_id, actor, outcome: 'live' })),
    );
    await world.host.pump();
    expect(await stateOf(world, id)).toMatchObject({ status: 'completed' });
    expect(runOf(world, id)).toMatchObject({
      status: 'ended',
      transitions: ['Assess', 'Route', 'Await', 'Route', 'ExecuteAndWait'],
    });
  });

  it('goes back to waiting, in the same execution, when the target moved', async () => {
    const world = await createWorld(engine);
    const { tenant, deps } = world;
    const id = await requested(world);
    sure(await approvePromotion(deps, { principal: { ...ALICE, tenant }, id }));
    sure(await executePromotion(deps, { principal: { ...DEV, tenant }, id }));
    sure(
      await recordDeployment(deps, {
        principal: { ...DEV, tenant },
        report: {
          id: 'dep-by-hand',
          subject: { kind: 'agent', name: REQUEST.agent_id },
          environment: 'production',
          gateway_id: REQUEST.target_gateway_id,
          status: 'DEPLOYED',
          details: {},
        },
      }),
    );
    await world.host.pump();
    expect(await stateOf(world, id)).toMatchObject({
      status: 'pending',
      reason_code: 'target_moved',
      approvals: [],
    });
    expect(runOf(world, id)).toMatchObject({ status: 'running' });
    sure(await validatePromotion(deps, { principal: { ...DEV, tenant }, id }));
    sure(await approvePromotion(deps, { principal: { ...BOB, tenant }, id }));
    sure(await executePromotion(deps, { principal: { ...DEV, tenant }, id }));
    await world.host.pump();
    expect(await stateOf(world, id)).toMatchObject({ status: 'completed', approved_by: { subject: 'bob' } });
    expect(world.host.runs.size).toBe(1);
    expect(runOf(world, id)?.transitions).toEqual([
      ...['Assess', 'Route', 'Await', 'Route', 'Execute'],
      ...['Assess', 'Route', 'Await', 'Route', 'Execute'],
    ]);
  });

  it('retries an unknown outcome with backoff, then settles: the claim stays until the report', async () => {
    const world = await createWorld(engine, () => ({ outcome: 'unknown', message: '504' }));
    const { tenant } = world;
    const id = await requested(world);
    await approveAndExecute(world, id);
    expect(await stateOf(world, id)).toMatchObject({
      status: 'failed',
      failure: { code: 'outcome_unknown', target_state: 'unknown' },
    });
    expect(runOf(world, id)?.transitions.at(-1)).toBe('Settle');
    // Once, eight retries, and once more when settling; always the same key.
    expect(world.deployed).toHaveLength(10);
    expect(new Set(world.deployed.map(({ idempotency_key }) => idempotency_key)).size).toBe(1);
    const deployment_id = world.deployed[0]?.deployment_id ?? '';
    const actor = actorOf(GATEWAY);
    sure(
      await world.invoke((deps) => recordOutcome(deps, { tenant, deployment_id, actor, outcome: 'live' })),
    );
    const slot = {
      subject: { kind: 'agent', name: REQUEST.agent_id },
      environment: 'production',
      gateway: 'gw-789',
    } as const;
    expect(await world.deps.heads.read(tenant, slot)).toMatchObject({ deployment_id, revision: 1 });
  });

  it('recovers when the outcome becomes known while it retries', async () => {
    const answers: readonly DeployOutcome[] = [
      { outcome: 'unknown', message: '503' },
      { outcome: 'unknown', message: 'timed out' },
      { outcome: 'live' },
    ];
    const world = await createWorld(engine, (n) => answers[n] ?? { outcome: 'live' });
    const id = await requested(world);
    await approveAndExecute(world, id);
    expect(await stateOf(world, id)).toMatchObject({ status: 'completed' });
    expect(world.deployed).toHaveLength(3);
  });

  it('records a refusal of the gateway as a failure that changed nothing', async () => {
    const world = await createWorld(engine, () => ({ outcome: 'refused', message: '422' }));
    const id = await requested(world);
    await approveAndExecute(world, id);
    expect(await stateOf(world, id)).toMatchObject({
      status: 'failed',
      failure: { code: 'gateway_refused', target_state: 'unchanged' },
    });
    expect(runOf(world, id)).toMatchObject({ status: 'ended' });
    expect(world.deployed).toHaveLength(1);
  });

  it('begins another attempt when its execution is lost', async () => {
    const world = await createWorld(engine);
    const id = await requested(world);
    const run = runOf(world, id);
    if (run === undefined) throw new Error('no execution');
    world.host.lose(run.name);
    await approveAndExecute(world, id);
    expect(await stateOf(world, id)).toMatchObject({ status: 'completed' });
    expect([...world.host.runs.keys()]).toEqual([`${id}-1`, `${id}-2`]);
  });
});
