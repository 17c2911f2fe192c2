import { expect } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { actorOf } from '../../../functions/domain/identity/principal.ts';
import { replay, verifyChain } from '../../../functions/domain/promotion/history.ts';
import { isClosed } from '../../../functions/domain/promotion/lifetime.ts';
import type { InStatus } from '../../../functions/domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../../functions/domain/refusal.ts';
import type { DeployOutcome } from '../../../functions/ports/gateway-driver.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { agentAsked } from '../../../functions/use-cases/kinds/agent/slot.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { recordOutcome } from '../../../functions/use-cases/promotions/complete.ts';
import { createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import type { AgentRequest } from '../../../functions/use-cases/promotions/request.ts';
import { ALICE, DEV, GATEWAY } from '../../use-cases/promotions/people.ts';
import { Died } from './mishap.ts';
import { REQUEST, TO_STAGING, type World } from './world.ts';

/** A promotion, and how its target's gateway takes the deployment. */
export type Scenario = {
  readonly request: AgentRequest;
  readonly approved: boolean;
  readonly gateway?: () => DeployOutcome;
  /** A gate asks its provider first. */
  readonly judged?: boolean;
};

export const SCENARIOS = {
  'nobody approves, gateway records': { request: TO_STAGING, approved: false },
  'a provider is asked, gateway records': { request: TO_STAGING, approved: false, judged: true },
  'gateway records': { request: REQUEST, approved: true },
  'gateway live at once': { request: REQUEST, approved: true, gateway: () => ({ outcome: 'live' }) },
  'gateway reports later': {
    request: REQUEST,
    approved: true,
    gateway: () => ({ outcome: 'accepted' }),
  },
} as const satisfies { readonly [name: string]: Scenario };
export type ScenarioName = keyof typeof SCENARIOS;

/** A promotion's whole life as its people bring it about, each asking again where an answer did not come. */
export async function live(world: World, { request, approved, gateway }: Scenario): Promise<string> {
  const { tenant } = world;
  const created = await insist(world, (deps) =>
    createPromotion(deps, { actor: actorOf(DEV), tenant, request }),
  );
  const id = idOf(created);
  await world.host.pump();
  if (approved) {
    await insist(world, (deps) => approvePromotion(deps, { principal: { ...ALICE, tenant }, id }));
    await world.host.pump();
    await insist(world, (deps) => executePromotion(deps, { principal: { ...DEV, tenant }, id }));
    await world.host.pump();
  }
  if (gateway?.().outcome === 'accepted') await report(world);
  await quiet(world, id);
  return id;
}

/** Everything that a life must come to, whatever happened on the way. */
export async function expectOneCompletion(
  world: World,
  { approved, judged }: Scenario,
  id: string,
): Promise<void> {
  const { tenant, deps } = world;
  const stored = await deps.promotions.read(tenant, id);
  expect(stored).toMatchObject({ state: { status: 'completed' }, workflowRecord: { work: [] } });
  if (stored?.state.status !== 'completed') throw new Error('not completed');
  const { state } = stored;
  const events = await deps.promotions.events(tenant, id);
  expect(verifyChain(events, state.chain)).toBeUndefined();
  expect(replay(events)).toEqual(state);
  expect(events.map(({ event }) => event.type)).toEqual([
    'PromotionRequested',
    'PromotionAssessed',
    ...(judged ? ['PromotionBlocked', 'PromotionAssessed'] : []),
    ...(approved ? ['ApprovalGranted'] : []),
    'PromotionApproved',
    'ExecutionRequested',
    'ExecutionStarted',
    'PromotionCompleted',
  ]);
  await expectOneDeployment(world, state);
  expect([...new Set(world.questions)]).toEqual(judged ? [`${id}.outside.1`] : []);
  for (const run of world.host.runs.values()) expect(run, run.name).toMatchObject({ status: 'ended' });
  const told = world.published.filter(({ subject }) => subject === id).map(({ type }) => type);
  for (const verb of ['requested', 'approved', 'completed']) {
    expect(told, verb).toContain(`dev.cdeventsx.sluice-promotion.${verb}.0.1.0`);
  }
}

/** One head swapped once, one revision, one deployment, and a gateway that heard of one thing to do. */
async function expectOneDeployment(world: World, state: InStatus<'completed'>): Promise<void> {
  const { tenant, deps } = world;
  const { id, subject, deployment_id, target_environment: environment } = state;
  const request = agentAsked(state.request);
  const slot = { subject, environment, gateway: request.target_gateway_id };
  const head = await deps.heads.read(tenant, slot);
  expect(head).toMatchObject({ revision: 1, digest: state.seal.plan.source.digest, deployment_id });
  expect(head?.claim).toBeUndefined();
  const revisions = await deps.heads.revisions(tenant, slot, { limit: 10 });
  expect(revisions.items).toMatchObject([{ cause: { by: 'execute', promotion_id: id } }]);
  const list = { by: 'subject', subject: { kind: 'agent', name: request.agent_id } } as const;
  const { items } = await deps.deployments.list(tenant, list, { limit: 10 });
  const made = items.filter((deployment) => deployment.promotion_id !== undefined);
  expect(made).toMatchObject([{ id: deployment_id, status: 'DEPLOYED', environment, promotion_id: id }]);
  const heard = world.deployed.map(({ idempotency_key, fence }) => `${idempotency_key} ${fence}`);
  expect([...new Set(heard)]).toEqual(heard.length === 0 ? [] : [`${deployment_id} ${state.fence}`]);
}

/** The gateway reports what it was asked to deploy, as soon as it was asked. */
async function report(world: World): Promise<void> {
  const { tenant } = world;
  for (let minutes = 0; world.deployed.length === 0 && minutes < 30; minutes += 6) await minute(world);
  const deployment_id = world.deployed[0]?.deployment_id ?? '';
  const actor = { ...actorOf(GATEWAY), subject: 'mach-gw' };
  const answer = await insist(world, (deps) =>
    recordOutcome(deps, { tenant, deployment_id, actor, outcome: 'live' }),
  );
  expect(answer).toMatchObject({ status: 'completed' });
  await world.host.pump();
}

/** Waits until nothing is left to do. */
async function quiet(world: World, id: string): Promise<void> {
  for (let looks = 0; looks < 8; looks += 1) {
    const stored = await world.deps.promotions.read(world.tenant, id);
    if (stored !== undefined && isClosed(stored.state) && stored.workflowRecord.work.length === 0) return;
    await minute(world);
  }
}

/** The sweep comes by, six minutes later. */
async function minute(world: World): Promise<void> {
  world.advance('PT6M');
  await insist(world, () => world.sweepHere());
  await world.host.pump();
}

/** Asks again while the answer does not come or says "later". */
async function insist<T>(world: World, run: (deps: Deps) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await world.invoke(run);
    } catch (error) {
      const later = error instanceof Died || error instanceof Fault;
      if (!later || tries === 5) throw error;
    }
  }
}

/** A requester who had no answer asks again, and is told which promotion is theirs. */
function idOf(created: { readonly state: { readonly id: string } } | Refusal): string {
  if (!isRefusal(created)) return created.state.id;
  expect(created.refused).toBe('already_open');
  return String(created.data?.['promotion_id']);
}
