import { afterAll, beforeAll, beforeEach } from 'vitest';
import { actorOf } from '../../../functions/domain/identity/principal.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../../functions/domain/refusal.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import { approvePromotion } from '../../../functions/use-cases/promotions/approve.ts';
import { type CreateInput, createPromotion } from '../../../functions/use-cases/promotions/create.ts';
import { executePromotion } from '../../../functions/use-cases/promotions/execute.ts';
import type { AgentRequest } from '../../../functions/use-cases/promotions/request.ts';
import { createWorld, type STORES, TENANT, type World } from '../deployments/world.ts';
import { ALICE, BOB, DEV } from './people.ts';

/** Of a sweep that attends to everything, one after another. */
export const BOUNDS = { most: 100, atOnce: 1, milliseconds: 30_000 };

/** Deployments and gateways of the agent-promotion document, and an agent that is on its way to staging. */
export type Stage = World & {
  readonly ref: (id: string) => { readonly tenant: string; readonly id: string };
  /** Somebody else wrote, between two calls: `deps` that run `act` before the n-th commit (from 0). */
  interrupted(n: number, act: () => Promise<unknown>): Deps;
};

/** A stage of its own for every test, on one store for all of them. */
export function staged(open: (typeof STORES)[number]['open']): () => Stage {
  let opened: Awaited<ReturnType<typeof open>>;
  let stage: Stage | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  beforeEach(async () => {
    await opened.stop();
    opened = await open();
    stage = await createStage(opened.stores);
  });
  afterAll(() => opened.stop());
  return () => {
    if (stage === undefined) throw new Error('no stage yet');
    return stage;
  };
}

export async function createStage(open: Parameters<typeof createWorld>[0]): Promise<Stage> {
  const world = await createWorld(open);
  for (const approver of [ALICE, BOB]) await world.member(approver);
  await world.gateway('gw-staging', 'staging');
  await world.gateway('gw-789', 'production');
  await world.gateway('gw-http', 'production', {
    driver: 'http',
    endpoint: 'https://gw.example/deploy',
    principal: 'mach-gw',
  });
  await world.gateway('gw-idle', 'production', { status: 'inactive' });
  await recorded(world, 'dep-456', 'agent-123', 'staging');
  await recorded(world, 'dep-dev', 'agent-dev', 'development');
  return Object.assign(world, {
    ref: (id: string) => ({ tenant: TENANT, id }),
    interrupted(n: number, act: () => Promise<unknown>): Deps {
      let commits = 0;
      const { transactions } = world.deps;
      return {
        ...world.deps,
        transactions: {
          async commit(tenant, writes) {
            if (commits++ === n) await act();
            return await transactions.commit(tenant, writes);
          },
        },
      };
    },
  });
}

export async function recorded(
  world: World,
  id: string,
  agent: string,
  environment: string,
  status: 'DEPLOYED' | 'FAILED' = 'DEPLOYED',
): Promise<void> {
  const subject = { kind: 'agent', name: agent } as const;
  sure(
    await recordDeployment(world.deps, {
      principal: DEV,
      report: { id, subject, environment, gateway_id: `gw-${environment}`, status, details: {} },
    }),
  );
}

export const TO_PRODUCTION: AgentRequest = {
  kind: 'agent',
  agent_id: 'agent-123',
  source_deployment_id: 'dep-456',
  target_gateway_id: 'gw-789',
  target_environment: 'production',
};
export const OVER_HTTP: AgentRequest = { ...TO_PRODUCTION, target_gateway_id: 'gw-http' };
/** Nobody has to approve what goes to staging. */
export const TO_STAGING: AgentRequest = {
  kind: 'agent',
  agent_id: 'agent-dev',
  source_deployment_id: 'dep-dev',
  target_gateway_id: 'gw-staging',
  target_environment: 'staging',
};

export function asked(request = TO_PRODUCTION): CreateInput {
  return { actor: actorOf(DEV), tenant: TENANT, request };
}

export async function requested(world: World, request = TO_PRODUCTION): Promise<PromotionState> {
  return sure(await createPromotion(world.deps, asked(request))).state;
}

/** A promotion that alice approved and dev asked to execute. */
export async function started(world: World, request = TO_PRODUCTION): Promise<string> {
  const { id } = await requested(world, request);
  sure(await approvePromotion(world.deps, { principal: ALICE, id }));
  sure(await executePromotion(world.deps, { principal: DEV, id }));
  return id;
}

export function sure<T extends object>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(`${answer.refused}: ${answer.detail}`);
  return answer;
}

export async function typesOf(world: World, id: string): Promise<readonly string[]> {
  return (await world.deps.promotions.events(TENANT, id)).map(({ event }) => event.type);
}
