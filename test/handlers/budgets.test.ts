import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoLateReads } from '../../functions/adapters/dynamodb/late-reads.ts';
import { flagKeyRoutes } from '../../functions/handlers/http/flag-key-routes.ts';
import { flagsHandler } from '../../functions/handlers/http/flags-handler.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { tableStores } from '../support/replayed-table.ts';
import { Rounds } from '../support/rounds.ts';
import { ACME, CI, createWorld, START, type World } from './api-world.ts';
import { type Answer, answered, type TestCall } from './event.ts';
import { testLog } from './log.ts';

/** Sequential rounds, other services included, write units (1 KB) and read units (4 KB) that an operation may take. */
type Budget = { readonly rounds: number; readonly write: number; readonly read: number };

/**
 * What each operation may cost, over its whole handler with warm secrets. Raising a number is a decision. One write of each that is
 * announced tells the log. Who names the tenant in a header saves a round: its items are read beside the membership.
 */
const BUDGETS = {
  request: { rounds: 5, write: 13, read: 8 },
  'request, tenant not named': { rounds: 6, write: 13, read: 8 },
  approve: { rounds: 5, write: 4, read: 3 },
  execute: { rounds: 5, write: 5, read: 10 },
  'step Execute': { rounds: 5, write: 21, read: 10 },
  'deployment report': { rounds: 5, write: 11, read: 5 },
  'config edit': { rounds: 5, write: 7, read: 3.5 },
  'config request': { rounds: 5, write: 13, read: 6.5 },
  'config rollback': { rounds: 8, write: 13, read: 7.5 },
  'observation, new': { rounds: 6, write: 2, read: 5 },
  'observation, unchanged': { rounds: 4, write: 0, read: 5 },
  'flags, unchanged': { rounds: 1, write: 0, read: 1.5 },
  'flags of a key, unchanged': { rounds: 1, write: 0, read: 1 },
} satisfies { readonly [operation: string]: Budget };

/** Modules that functions load when they first need them. */
const ON_DEMAND = globSync('functions/use-cases/{kinds/*,rollbacks}/*.ts').map((file) => resolve(file));

const OTHER = `sha256:${'f'.repeat(64)}`;
const CONFIGS = '/api/v1/config/promotions';
const PATH = '/api/v1/promotions';
const NAMED = { 'X-Tenant-ID': ACME };

describe.skipIf(skipWithoutEngine())('an operation, on the table, takes no more than its budget', () => {
  let engine: Engine;
  let world: World;
  let rounds: Rounds;
  const measured: { [operation: string]: { rounds: readonly string[]; write: number; read: number } } = {};

  /** With its modules already loaded: loading one takes turns of the event loop, on a slow disk more than `Rounds` waits for. */
  async function measure<T>(operation: keyof typeof BUDGETS, act: () => Promise<T>): Promise<T> {
    rounds.reset();
    const answer = await act();
    const { writeUnits: write, readUnits: read } = rounds.meter;
    measured[operation] = { rounds: rounds.rounds.map((round) => round.join(' + ')), write, read };
    return answer;
  }
  const ok = async (answer: Promise<Answer>) => {
    const { status, body, headers } = await answer;
    if (status >= 400) throw new Error(`${status} ${JSON.stringify(body)}`);
    return { body, headers };
  };

  beforeAll(async () => {
    await Promise.all(ON_DEMAND.map((file) => import(file)));
    engine = await startEngine();
    const table = engine.open();
    rounds = new Rounds(table);
    world = await createWorld((now) => tableStores(table, now));
    Object.assign(world.deps, {
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

    const late = dynamoLateReads(table);
    const provider = { subjectOf: async () => 'dev' };
    const flags = flagsHandler(() => ({ ...world.deps, late, provider }), testLog());
    const [method, path, body] = ['POST', '/ofrep/v1/evaluate/flags', { context: {} }];
    const bulk = (headers: NonNullable<TestCall['headers']>) =>
      answered(flags, { method, path, headers, body });
    const unchanged = async (operation: keyof typeof BUDGETS, headers: NonNullable<TestCall['headers']>) => {
      const etag = (await ok(bulk(headers))).headers['etag'];
      const again = { ...headers, 'if-none-match': String(etag) };
      expect((await measure(operation, () => bulk(again))).status).toBe(304);
    };
    const authorization = 'Bearer token';
    await unchanged('flags, unchanged', { ...NAMED, authorization, 'x-sluice-environment': 'production' });
    const kept = { name: 'app', environment: 'production', type: 'server' };
    const keys = httpHandler(flagKeyRoutes, () => ({ ...world.deps, allowLoopback: false }), testLog());
    const asking = { method, path: '/api/v1/flag-keys', signer: { sub: 'admin' }, body: kept };
    const { key } = (await ok(answered(keys, asking))).body;
    await unchanged('flags of a key, unchanged', { authorization: `Bearer ${key}` });
  });
  afterAll(() => engine?.stop());

  it.each(Object.entries(BUDGETS))('%s', (operation, budget) => {
    const { rounds: taken = [], write = 0, read = 0 } = measured[operation] ?? {};
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length, taken.join('\n')).toBeLessThanOrEqual(budget.rounds);
    expect({ write, read }).toEqual({
      write: Math.min(write, budget.write),
      read: Math.min(read, budget.read),
    });
  });
});
