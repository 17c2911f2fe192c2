import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { dynamoLateReads } from '../../functions/adapters/dynamodb/late-reads.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import { flagKeyRoutes } from '../../functions/handlers/http/flag-key-routes.ts';
import { flagsHandler } from '../../functions/handlers/http/flags-handler.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import type { Engine } from '../support/engine.ts';
import { Rounds } from '../support/rounds.ts';
import { ACME, CI, createWorld, START } from './api-world.ts';
import { type Answer, answered, type TestCall } from './event.ts';
import { testLog } from './log.ts';

/** Operations whose cost is counted, over the whole handler. */
export type Operation =
  | 'request'
  | 'request, tenant not named'
  | 'approve'
  | 'execute'
  | 'step Execute'
  | 'deployment report'
  | 'config edit'
  | 'config request'
  | 'config rollback'
  | 'observation, new'
  | 'observation, unchanged'
  | 'flags, unchanged'
  | 'flags of a key, unchanged';

/** What each round asks, and write units (1 KB) and read units (4 KB). */
export type Cost = { readonly rounds: readonly string[]; readonly write: number; readonly read: number };

/** Modules that functions load when they first need them. */
const ON_DEMAND = globSync('functions/use-cases/{kinds/*,rollbacks}/*.ts').map((file) => resolve(file));

const OTHER = `sha256:${'f'.repeat(64)}`;
const CONFIGS = '/api/v1/config/promotions';
const PATH = '/api/v1/promotions';
const NAMED = { 'X-Tenant-ID': ACME };

type Opened = Parameters<typeof createWorld>[0];
type StoresOf = (table: Table, now: () => string) => ReturnType<NonNullable<Opened>>;

/** Does each operation once, on a table of the engine, and says what it cost. `before` is called before each. */
export async function operationCosts(
  engine: Engine,
  stores: StoresOf,
  before: () => void = () => {},
): Promise<ReadonlyMap<Operation, Cost>> {
  const costs = new Map<Operation, Cost>();
  /** With its modules already loaded: loading one takes turns of the event loop, on a slow disk more than `Rounds` waits for. */
  async function measure<T>(operation: Operation, act: () => Promise<T>): Promise<T> {
    before();
    rounds.reset();
    const answer = await act();
    const { writeUnits: write, readUnits: read } = rounds.meter;
    costs.set(operation, { rounds: rounds.rounds.map((round) => round.join(' + ')), write, read });
    return answer;
  }
  const ok = async (answer: Promise<Answer>) => {
    const { status, body, headers } = await answer;
    if (status >= 400) throw new Error(`${status} ${JSON.stringify(body)}`);
    return { body, headers };
  };
  await Promise.all(ON_DEMAND.map((file) => import(file)));
  const table = engine.open();
  const rounds = new Rounds(table);
  const world = await createWorld((now) => stores(table, now));
  const late = dynamoLateReads(table);
  Object.assign(world.deps, {
    late,
    workflow: {
      start: () => rounds.call('StartExecution', async () => 'started'),
      wake: () => rounds.call('SendTaskSuccess', async () => 'woken'),
    },
    bus: { publish: () => rounds.call('PutEvents', async () => {}) },
  });
  const [dev, alice, admin] = [world.as('dev'), world.as('alice'), world.as('admin')];
  for (const environment of ['staging', 'production'])
    await ok(admin('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment }));
  const deployed = (id: string, agent_id = 'agent-123') =>
    ok(
      dev('POST', '/api/v1/deployments', {
        id,
        agent_id,
        gateway_id: 'gw-staging',
        environment: 'staging',
      }),
    );
  await deployed('dep-0');
  await measure('deployment report', () => deployed('dep-1'));
  const asked = {
    agent_id: 'agent-123',
    source_deployment_id: 'dep-1',
    target_gateway_id: 'gw-production',
    target_environment: 'production',
  };
  const { id } = (await measure('request', () => ok(dev('POST', PATH, asked, NAMED)))).body;
  await deployed('dep-2', 'agent-2');
  const other = { ...asked, agent_id: 'agent-2', source_deployment_id: 'dep-2' };
  await measure('request, tenant not named', () => ok(dev('POST', PATH, other)));
  const waiting = { token: 'token', attempt: 1, entered_time: START, retry_count: 0 } as const;
  await world.deps.tokens.put({ tenant: ACME, id }, { ...waiting, state: 'await' });
  await measure('approve', () => ok(alice('POST', `${PATH}/${id}/approve`)));
  await measure('execute', () => ok(dev('POST', `${PATH}/${id}/execute`)));
  await measure('step Execute', () => world.run(id));

  const put = (value: number) =>
    ok(dev('PUT', '/api/v1/config/environments/staging/configs/limit', { value }));
  await put(1);
  await measure('config edit', () => put(2));
  const config = { sourceEnvironment: 'staging', targetEnvironment: 'production', promotionType: 'FULL' };
  const promotion = (await measure('config request', () => ok(dev('POST', CONFIGS, config, NAMED)))).body;
  await ok(alice('POST', `${CONFIGS}/${promotion.id}/approve`));
  await ok(dev('POST', `${CONFIGS}/${promotion.id}/execute`));
  await world.run(promotion.id);
  const back = { reason: 'wrong', acknowledgeRisk: true };
  await measure('config rollback', () => ok(dev('POST', `${CONFIGS}/${promotion.id}/rollback`, back)));

  const observe = () =>
    ok(
      world.send({
        method: 'PUT',
        path: '/api/v1/observations/staging/agent/agent-123',
        signer: CI,
        body: { gateway_id: 'gw-staging', digest: OTHER, observed_at: START },
      }),
    );
  await measure('observation, new', observe);
  await measure('observation, unchanged', observe);

  const provider = { subjectOf: async () => 'dev' };
  const flags = flagsHandler(() => ({ ...world.deps, late, provider }), testLog());
  const [method, path, body] = ['POST', '/ofrep/v1/evaluate/flags', { context: {} }];
  const bulk = (headers: NonNullable<TestCall['headers']>) =>
    answered(flags, { method, path, headers, body });
  const unchanged = async (operation: Operation, headers: NonNullable<TestCall['headers']>) => {
    const etag = (await ok(bulk(headers))).headers['etag'];
    const again = { ...headers, 'if-none-match': String(etag) };
    const { status } = await measure(operation, () => bulk(again));
    if (status !== 304) throw new Error(`${operation} answered ${status}`);
  };
  const authorization = 'Bearer token';
  await unchanged('flags, unchanged', { ...NAMED, authorization, 'x-sluice-environment': 'production' });
  const kept = { name: 'app', environment: 'production', type: 'server' };
  const keys = httpHandler(flagKeyRoutes, () => ({ ...world.deps, allowLoopback: false }), testLog());
  const asking = { method, path: '/api/v1/flag-keys', signer: { sub: 'admin' }, body: kept };
  const { key } = (await ok(answered(keys, asking))).body;
  await unchanged('flags of a key, unchanged', { authorization: `Bearer ${key}` });
  return costs;
}
