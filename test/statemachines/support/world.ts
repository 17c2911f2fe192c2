import { dynamoLateReads } from '../../../functions/adapters/dynamodb/late-reads.ts';
import { eventBridgeBus } from '../../../functions/adapters/eventbridge/bus.ts';
import { stepFunctionsWorkflow } from '../../../functions/adapters/step-functions/workflow.ts';
import type { Gateway } from '../../../functions/domain/catalog/gateway.ts';
import { DEFAULT_PIPELINE } from '../../../functions/domain/catalog/pipeline.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import type { GateSetting } from '../../../functions/domain/gates/gate.ts';
import { addDuration } from '../../../functions/domain/instant.ts';
import type { CloudEvent } from '../../../functions/domain/notification/cloud-event.ts';
import { assessHandler } from '../../../functions/handlers/workflow/assess.ts';
import { awaitHandler } from '../../../functions/handlers/workflow/await.ts';
import { executeHandler } from '../../../functions/handlers/workflow/execute.ts';
import { executeAndWaitHandler } from '../../../functions/handlers/workflow/execute-and-wait.ts';
import { noWorkflow } from '../../../functions/handlers/workflow/no-workflow.ts';
import { settleHandler } from '../../../functions/handlers/workflow/settle.ts';
import type { GateProviders, ProviderReply } from '../../../functions/ports/gate-providers.ts';
import type { DeployOutcome, DeployRequest } from '../../../functions/ports/gateway-driver.ts';
import type { PromotionRef } from '../../../functions/ports/promotion-store.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import { memberOf } from '../../../functions/use-cases/administration/found-tenant.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import type { Deps } from '../../../functions/use-cases/deps.ts';
import type { AgentRequest } from '../../../functions/use-cases/promotions/request.ts';
import { sweep } from '../../../functions/use-cases/workflow/sweep.ts';
import type { Engine } from '../../support/engine.ts';
import { noRegistries } from '../../support/no-registries.ts';
import { noAlarms } from '../../support/no-timers.ts';
import { tableStores } from '../../support/replayed-table.ts';
import { ALICE, BOB, DEV } from '../../use-cases/promotions/people.ts';
import { busClient, sfnClient } from './cloud-clients.ts';
import { Mishaps } from './mishap.ts';
import { StateMachineHost } from './state-machine-host.ts';

export const T0 = '2026-11-21T09:00:00.000Z';
export const REQUEST: AgentRequest = {
  kind: 'agent',
  agent_id: 'agent-123',
  source_deployment_id: 'dep-456',
  target_gateway_id: 'gw-789',
  target_environment: 'production',
};
/** Nobody has to approve what goes to staging. */
export const TO_STAGING: AgentRequest = {
  kind: 'agent',
  agent_id: 'agent-new',
  source_deployment_id: 'dep-new',
  target_gateway_id: 'gw-staging',
  target_environment: 'staging',
};

/** A tenant of its own on the real table, with the real handlers as steps of the real state machine. */
export type World = Awaited<ReturnType<typeof createWorld>>;

let tenants = 0;

/**
 * `answer` is how an `http` gateway answers the n-th request (from 0); without it the gateway only records. `judged`: a gate of staging
 * asks its provider, which passes everything.
 */
export async function createWorld(
  engine: Engine,
  answer?: (n: number) => DeployOutcome,
  { judged = false }: { readonly judged?: boolean } = {},
) {
  tenants += 1;
  const tenant = `tenant-${tenants}`;
  const world = { now: T0 };
  const published: CloudEvent[] = [];
  const deployed: DeployRequest[] = [];
  const questions: string[] = [];
  const mishaps = new Mishaps();
  const host = new StateMachineHost(() => tick());
  const sfn = sfnClient(host);
  const bus = busClient(published);
  const table = engine.open({ maxAttempts: 1 });
  for (const client of [table.client, sfn, bus]) mishaps.watch(client);

  /** Every look at the clock is a millisecond later: states are entered in an order. */
  function tick(): string {
    world.now = addDuration(world.now, 'PT0.001S');
    return world.now;
  }
  let ids = 0;
  const deps: Deps = {
    ...tableStores(table, () => world.now, engine.table),
    late: dynamoLateReads(table),
    clock: { now: () => tick() },
    ids: {
      next: (prefix) => {
        ids += 1;
        return `${prefix}-${tenants}-${String(ids).padStart(4, '0')}`;
      },
    },
    workflow: stepFunctionsWorkflow({ client: sfn, promotionArn: 'arn:promotion' }),
    bus: eventBridgeBus({ client: bus, name: 'sluice' }),
    scheduler: noAlarms,
    registries: noRegistries,
    driver: {
      deploy: (request) =>
        mishaps
          .call<DeployOutcome>('Gateway', async () => {
            deployed.push(request);
            return answer?.(deployed.length - 1) ?? { outcome: 'live' };
          })
          .catch((error): DeployOutcome => ({ outcome: 'unknown', message: String(error) })),
    },
    random: () => 0.5,
    sleep: async (ms) => {
      world.now = addDuration(world.now, `PT${(ms / 1000).toFixed(3)}S`);
    },
  };

  const providers: GateProviders = {
    ask: ({ key }) =>
      mishaps
        .call<ProviderReply>('Provider', async () => {
          questions.push(key);
          return { status: 'PASSED', reason_code: 'ok', facts: {}, text: '{"status":"PASSED"}' };
        })
        .catch((cause) => {
          throw new Fault('Unavailable', 'the secret store did not answer', { cause });
        }),
  };
  const log = { about() {}, info() {}, warn() {}, error() {} };
  const stepping = { ...deps, workflow: noWorkflow, providers };
  const waking = { ...deps, workflow: stepFunctionsWorkflow({ client: sfn }) };
  const step = (handler: (event: unknown) => Promise<unknown>) => (payload: unknown) =>
    mishaps.invoke(() => handler(payload));
  host.attach({
    Assess: step(assessHandler(() => stepping, log)),
    Await: step(awaitHandler(() => waking, log)),
    Execute: step(executeHandler(() => stepping, log)),
    ExecuteAndWait: step(executeAndWaitHandler(() => waking, log)),
    Settle: step(settleHandler(() => stepping, log)),
  });

  await seed(deps, tenant, answer === undefined ? 'record' : 'http', judged ? [OUTSIDE] : []);
  return {
    tenant,
    deps,
    host,
    mishaps,
    published,
    deployed,
    questions,
    advance(duration: string) {
      world.now = addDuration(world.now, duration);
    },
    /** Runs a use case as a function invocation of its own. */
    invoke: <T>(run: (deps: Deps) => Promise<T>) => mishaps.invoke(() => run(deps)),
    /** The sweep, within an invocation; only this tenant's promotions are its own. */
    sweepHere: () => sweep(own(deps, tenant), { most: 1_000, atOnce: 1, milliseconds: 30_000 }),
  };
}

/** The work lists are of all tenants; other worlds on the same table are left alone. */
function own(deps: Deps, tenant: string): Deps {
  const { workflowRecords } = deps;
  const mine = <T extends { readonly items: readonly PromotionRef[] }>(page: T) => ({
    ...page,
    items: page.items.filter((ref) => ref.tenant === tenant),
  });
  return {
    ...deps,
    workflowRecords: {
      ...workflowRecords,
      withWork: async (page) => mine(await workflowRecords.withWork(page)),
      due: async (now, page) => mine(await workflowRecords.due(now, page)),
    },
  };
}

const OUTSIDE: GateSetting = {
  name: 'outside',
  mode: 'block',
  applies_to: ['agent'],
  provider: { type: 'http', url: 'https://judge.example/', secret_ref: 'sluice/tenant/gate/judge' },
};

async function seed(
  deps: Deps,
  tenant: string,
  driver: Gateway['driver'],
  more: readonly GateSetting[],
): Promise<void> {
  const common = { status: 'active' as const, version: 1, created_at: T0, updated_at: T0 };
  const gateways: Gateway[] = [
    { ...common, id: 'gw-development', environment: 'development', driver: 'record' },
    { ...common, id: 'gw-staging', environment: 'staging', driver: 'record' },
    { ...common, id: 'gw-789', environment: 'production', driver, principal: 'mach-gw' },
  ];
  const result = await deps.transactions.commit(tenant, [
    { write: 'tenant', tenant: { id: tenant, name: tenant, created_at: T0, version: 1 }, expected: 0 },
    ...[ALICE, BOB].map((approver): Write => {
      return { write: 'membership', membership: memberOf(tenant, approver, T0), expected: 0 };
    }),
    ...DEFAULT_PIPELINE(T0).map((each): Write => {
      const item = each.name === 'staging' ? { ...each, gates: [...each.gates, ...more] } : each;
      return { write: 'catalog', entry: { type: 'environment', item }, expected: 0 };
    }),
    ...gateways.map((item): Write => ({ write: 'catalog', entry: { type: 'gateway', item }, expected: 0 })),
  ]);
  if (!result.committed) throw new Error('the tenant is there already');
  await recorded(deps, tenant, 'dep-456', 'agent-123', 'staging');
  await recorded(deps, tenant, 'dep-new', 'agent-new', 'development');
}

function recorded(deps: Deps, tenant: string, id: string, agent: string, environment: string) {
  const subject = { kind: 'agent', name: agent } as const;
  const gateway_id = `gw-${environment}`;
  return recordDeployment(deps, {
    principal: { ...DEV, tenant },
    report: { id, subject, environment, gateway_id, status: 'DEPLOYED', details: {} },
  });
}
