import { cp } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Api, until } from '../support/api.ts';
import { GatewayServer } from '../support/gateway.ts';
import { MortalRuntime } from '../support/mortal-runtime.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { newDataDir, realAssembly, startRuntime } from '../support/runtime.ts';

const HOOKS = ['SLUICE_LOCAL_CRASH_BEFORE', 'SLUICE_LOCAL_CRASH_AFTER'] as const;

/**
 * Every step of the flow below that leaves the process: the n-th call of a function to a service. The first transaction is the start's,
 * which writes at which port the registry of the machine now is.
 */
const BOUNDARIES = [
  'dynamodb.TransactWriteItems:2', // the request
  'sfn.StartExecution:1',
  'dynamodb.PutItem:1', // the token of the wait
  'dynamodb.TransactWriteItems:3', // the approval
  'dynamodb.TransactWriteItems:4', // the intent to execute
  'sfn.SendTaskSuccess:1', // the wake
  'dynamodb.TransactWriteItems:5', // the claim
  'dynamodb.PutItem:2', // the token of the execution
  'dynamodb.TransactWriteItems:6', // the outcome
  'dynamodb.UpdateItem:1', // the first intent cleared
] as const;

/** Transitions of an execution that waits for approval: Assess, Route, Await. */
const WAITING = 3;

let gateway: GatewayServer;
let prepared: string;
let runtime: MortalRuntime;
let assemblyDir: string;

beforeAll(async () => {
  gateway = await GatewayServer.start();
  prepared = await newDataDir();
  assemblyDir = await realAssembly();
  const first = await startRuntime({}, { dataDir: prepared, assemblyDir });
  const admin = new Api(first.url, await first.token('admin@acme.com'));
  const dev = new Api(first.url, await first.token('dev@acme.com'));
  await admin.post('/api/v1/gateways', { id: 'gw-stg', environment: 'staging', driver: 'record' });
  await admin.post('/api/v1/gateways', {
    id: 'gw-789',
    environment: 'production',
    driver: 'http',
    endpoint: gateway.url,
  });
  const recorded = await dev.post('/api/v1/deployments', {
    id: 'dep-456',
    agent_id: 'agent-123',
    gateway_id: 'gw-stg',
    environment: 'staging',
  });
  expect(recorded.status).toBe(201);
  await first.kill9();
});
afterEach(async () => stopReplayed(await runtime.current()));
afterAll(() => gateway?.stop());

/** Request, approval, execution, completion; answers the promotion. */
async function walk(): Promise<Answer['body']> {
  const body = {
    agent_id: 'agent-123',
    source_deployment_id: 'dep-456',
    target_gateway_id: 'gw-789',
    target_environment: 'production',
  };
  const created = await runtime.persistently(
    'dev@acme.com',
    (dev) => dev.post('/api/v1/promotions', body, { 'idempotency-key': 'once' }),
    (answer) => answer.status === 201,
  );
  const path = `/api/v1/promotions/${created?.body.id}`;
  await runtime.persistently(
    'dev@acme.com',
    (dev) => dev.get('/_local/executions'),
    (answer) => answer.body.items[0]?.transitions >= WAITING,
  );
  const decided = [200, 409];
  await runtime.persistently(
    'alice@acme.com',
    (alice) => alice.post(`${path}/approve`),
    ({ status }) => decided.includes(status),
  );
  await runtime.persistently(
    'dev@acme.com',
    (dev) => dev.post(`${path}/execute`),
    ({ status }) => status === 200 || status === 202,
  );
  const done = await runtime.persistently(
    'dev@acme.com',
    (dev) => dev.get(path),
    (answer) => answer.body.status === 'completed',
  );
  return done?.body;
}

async function expectOnce(promotion: Answer['body']): Promise<void> {
  const { url, token } = await runtime.current();
  const dev = new Api(url, await token('dev@acme.com'));
  const timeline = (await dev.get(`/api/v1/promotions/${promotion.id}/timeline`)).body.items;
  expect(timeline.map((event: { type: string }) => event.type)).toEqual([
    'PromotionRequested',
    'PromotionAssessed',
    'ApprovalGranted',
    'PromotionApproved',
    'ExecutionRequested',
    'ExecutionStarted',
    'PromotionCompleted',
  ]);
  const history = (await dev.get('/api/v1/platform/deployments/history?environment=production&kind=all'))
    .body;
  expect(history).toMatchObject([{ id: promotion.target_deployment_id, status: 'DEPLOYED' }]);
  expect((await dev.get('/api/v1/promotions')).body.items).toHaveLength(1);
  expect([...gateway.deployed.keys()]).toEqual([promotion.target_deployment_id]);
}

async function afresh(hook: Record<string, string>): Promise<void> {
  gateway.seen.length = 0;
  gateway.deployed.clear();
  gateway.behaviour = () => 200;
  const dataDir = await newDataDir();
  await cp(prepared, dataDir, { recursive: true });
  runtime = new MortalRuntime(hook, { dataDir, assemblyDir }, (revived) => revived.runSchedule('sweep'));
  await runtime.current();
}

/**
 * One whole life with a cut, checked; says whether the cut came. An approval that overtakes the wait makes the wake unnecessary,
 * so that a life without that call is tried again.
 */
async function cutAt(hook: Record<string, string>, tries = 5): Promise<boolean> {
  await afresh(hook);
  await expectOnce(await walk());
  if (runtime.lives > 0) return true;
  await runtime.stop();
  return tries > 1 && cutAt(hook, tries - 1);
}

const CUTS = BOUNDARIES.flatMap((boundary) => HOOKS.map((hook) => ({ hook, boundary })));

describe('a power cut at any step of an approved promotion, then a start', () => {
  it.each(CUTS)('finishes once: $hook $boundary', async ({ hook, boundary }) => {
    expect(await cutAt({ [hook]: boundary }), 'the cut happened').toBe(true);
  });

  it('finishes once: while the gateway works', async () => {
    await afresh({});
    gateway.behaviour = (_, n) => (n === 0 ? 'hang' : 200);
    const walked = walk();
    await until(
      async () => gateway.seen.length,
      (seen) => seen >= 1,
    );
    await runtime.kill();
    await expectOnce(await walked);
    expect(runtime.lives).toBe(1);
    expect(new Set(gateway.seen.map((seen) => seen.key)).size).toBe(1);
  });
});
