import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionName } from '../../infra/functions.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { grantedTo, needs, type RecordedCall } from '../support/grants.ts';
import { randomStream } from '../support/random-stream.ts';
import { tableStores } from '../support/replayed-table.ts';
import { ACME, CI, createWorld, type World } from './api-world.ts';
import { type Furniture, furnish } from './furniture.ts';
import { operations } from './operations.ts';

/** Which function answers an operation, by the tag of its contract. */
const FUNCTION_OF: { readonly [tag: string]: FunctionName } = {
  promotions: 'promotions',
  rules: 'catalog',
  'approval policies': 'catalog',
  freezes: 'catalog',
  environments: 'catalog',
  gateways: 'catalog',
  registries: 'catalog',
  overview: 'overview',
  artifacts: 'artifacts',
  consumers: 'artifacts',
  configuration: 'configuration',
  'notification channels': 'notification-channels',
  audit: 'audit',
  members: 'catalog',
  principals: 'catalog',
  'pending changes': 'catalog',
  tenants: 'catalog',
  deployments: 'deployments',
  drift: 'deployments',
  'platform deployments': 'deployments',
  evidence: 'evidence',
  config: 'config',
  ofrep: 'flags',
  'flag keys': 'catalog',
  'deployment metrics': 'deployments',
  'config files': 'config-files',
  'config promotions': 'config-promotions',
  slack: 'slack-links',
  meta: 'meta',
};

const WHO: { readonly [action: string]: Parameters<World['as']>[0] } = {
  manage_tenants: 'ops',
  manage_catalog: 'admin',
  manage_members: 'admin',
  lock: 'admin',
  freeze: 'admin',
  read_audit: 'admin',
  edit_config: 'dev',
  approve: 'alice',
  reject: 'alice',
  request_changes: 'alice',
};

/** What explains itself. */
const READS_NOTHING = new Set([
  'getOpenApi',
  'getProblem',
  'openDocs',
  'openDocsGroup',
  'openGuide',
  'getSignInClient',
]);

describe.skipIf(skipWithoutEngine())('at once on the real table', () => {
  let engine: Engine;
  let world: World;

  beforeAll(async () => {
    engine = await startEngine();
    // Waiting is real here: who loses a race tries again later.
    const made = await createWorld((now) => tableStores(engine.table, now));
    world = Object.assign(made, { deps: Object.assign(made.deps, { sleep, random: randomStream(1) }) });
  });
  afterAll(() => engine?.stop());

  it('ten requests of one Idempotency-Key make one rule and get one answer', async () => {
    const rule = { name: 'r', source_environment: 'dev', target_environment: 'stg' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        world.as('admin')('POST', '/api/v1/promotions/rules', rule, { 'Idempotency-Key': 'ten' }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await world.as('admin')('GET', '/api/v1/promotions/rules')).body.items).toHaveLength(1);
  });

  it('ten rules of one target all count, each raising its guard', async () => {
    const guard = async () => (await world.deps.catalog.item(ACME, 'environment', 'staging'))?.guard ?? 0;
    const before = await guard();
    const rule = { name: 'r', source_environment: 'dev', target_environment: 'stg' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => world.as('admin')('POST', '/api/v1/promotions/rules', rule)),
    );
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect(await guard()).toBe(before + 10);
  });

  it('of five environments that want one rank one gets it', async () => {
    const names = ['qa', 'uat', 'pre', 'canary', 'edge'];
    const answers = await Promise.all(
      names.map((name) => world.as('admin')('POST', '/api/v1/environments', { name, rank: 7 })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
  });

  it('of two admins who leave one stays', async () => {
    await world.as('admin')('PATCH', '/api/v1/members/dev', {
      ...{ roles: [{ role: 'admin' }], reason: 'deputy' },
    });
    const answers = await Promise.all([
      world.as('dev')('DELETE', '/api/v1/members/admin?reason=left'),
      world.as('admin')('DELETE', '/api/v1/members/dev?reason=left'),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([204, 409]);
  });
});

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe.skipIf(skipWithoutEngine())('the API on the real table', () => {
  let engine: Engine;
  const calls: RecordedCall[] = [];

  beforeAll(async () => {
    engine = await startEngine();
    engine.table.client.middlewareStack.add(
      (next) => (args) => {
        const { request } = args;
        if (typeof request === 'object' && request !== null && 'headers' in request && 'body' in request) {
          const headers = new Map(Object.entries(Object(request.headers)));
          calls.push({ target: String(headers.get('x-amz-target')), body: JSON.parse(textOf(request.body)) });
        }
        return next(args);
      },
      { step: 'build', name: 'recorder', priority: 'low' },
    );
  });
  afterAll(() => engine?.stop());

  describe('one operation after the other', () => {
    let world: World;
    let there: Furniture;
    const tenant = operationsOfNothing();

    beforeAll(async () => {
      world = await createWorld((now) => tableStores(engine.table, now));
      there = await furnish(world);
    });

    it.each(tenant)('%s works, within the grants of its function', async (name) => {
      const operation = operations(there).find(({ endpoint }) => endpoint.operation === name);
      if (operation === undefined) throw new Error(name);
      const { endpoint, path, action } = operation;
      calls.length = 0;
      const answer = await world.send({
        method: endpoint.method,
        path,
        signer: action === 'observe' ? CI : { sub: WHO[action] ?? 'dev' },
        ...('body' in operation ? { body: operation.body } : {}),
      });
      // What came before in this list has moved things on: a refusal of the state is an answer too, a fault is none.
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
      expect([400, 401, 403]).not.toContain(answer.status);
      const granted = grantedTo(FUNCTION_OF[endpoint.tag] ?? 'meta');
      const needed = new Set(calls.flatMap((call) => needs(call)));
      expect(needed.size > 0).toBe(!READS_NOTHING.has(name));
      expect([...needed].filter((need) => !granted.includes(need))).toEqual([]);
    });
  });
});

const textOf = (body: unknown): string =>
  body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);

/** Names of all operations, those that only read first. */
function operationsOfNothing(): readonly string[] {
  const nothing = {
    promotion: '',
    failed: '',
    rule: '',
    policy: '',
    freeze: '',
    environment: '',
    gateway: '',
    registry: '',
    consumer: '',
    flag_key: '',
    channel: '',
    member: '',
    machine: '',
    pending: '',
    deployment: '',
    platform: '',
  };
  return (
    operations(nothing)
      .map(({ endpoint }) => endpoint)
      // What finds out itself who asks does nothing for a token: browsers and Slack call it in tests of their own.
      .filter(({ open, tag }) => !open || tag === 'meta')
      .toSorted((a, b) => Number(b.method === 'GET') - Number(a.method === 'GET'))
      .map(({ operation }) => operation)
  );
}
