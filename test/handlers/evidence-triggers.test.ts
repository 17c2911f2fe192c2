import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../functions/domain/notification/cloud-event.ts';
import { autoPromoteHandler } from '../../functions/handlers/events/auto-promote.ts';
import { as, BROKEN, EVIDENCE, freshWorld, JUNIT, junit, world } from './evidence-world.ts';
import { testLog } from './log.ts';

const RULES = '/api/v1/promotions/rules';
const rule = {
  name: 'tested goes on',
  source_environment: 'development',
  target_environment: 'staging',
  auto_promote: true,
  conditions: {
    all: [
      { field: 'evidence.tests.status', op: 'eq', value: 'PASSED' },
      { field: 'evidence.tests.total', op: 'gte', value: 2 },
      { field: 'artifact.name', op: 'eq', value: 'agent-1' },
    ],
  },
};
let published: CloudEvent[];
let log: ReturnType<typeof testLog>;

beforeEach(async () => {
  await freshWorld();
  published = [];
  log = testLog();
  Object.assign(world.deps, {
    bus: { publish: async (events: CloudEvent[]) => void published.push(...events) },
  });
  await as('admin')('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
  expect((await as('admin')('POST', RULES, rule)).status).toBe(201);
});

/** An agent that is live in development, and the digest of what it is. */
async function live(agent_id = 'agent-1'): Promise<string> {
  const id = `dep-${agent_id}`;
  const body = { id, agent_id, environment: 'development', gateway_id: 'gw-dev' };
  expect((await as('dev')('POST', '/api/v1/deployments', body)).status).toBe(201);
  const stored = await world.deps.deployments.read('acme', id);
  return stored?.digest ?? '';
}

/** Everything on the bus reaches the function that promotes, twice. */
async function delivered(): Promise<void> {
  const handler = autoPromoteHandler(() => world.deps, log);
  for (const detail of published.splice(0)) {
    await handler({ detail });
    await handler({ detail });
  }
}

const promotions = async () => (await as('dev')('GET', '/api/v1/promotions')).body.items;
const brought = (digest: string, document = JUNIT) =>
  as('dev')('POST', EVIDENCE, junit(document, { subject_digest: digest }));

describe('a report that arrives', () => {
  it('promotes what is live with what it is about, once, in the name of whoever brought it', async () => {
    const digest = await live();
    await delivered();
    expect(await promotions()).toEqual([]);
    const body = junit(JUNIT, { subject_digest: digest });
    await as('admin')('PATCH', '/api/v1/members/alice', {
      roles: [{ role: 'developer' }, { role: 'approver' }],
    });
    expect((await as('alice')('POST', EVIDENCE, body)).status).toBe(201);
    await delivered();
    expect(await promotions()).toMatchObject([
      { source_deployment_id: 'dep-agent-1', target_gateway_id: 'gw-1', created_by: 'alice' },
    ]);
  });

  it('promotes nothing when it does not say what the rule asks, and says which leaf', async () => {
    const digest = await live();
    await brought(digest, BROKEN);
    await delivered();
    expect(await promotions()).toEqual([]);
    const check = (await as('dev')('GET', '/api/v1/deployments/dep-agent-1/auto-promotion')).body;
    expect(JSON.stringify(check)).toContain('evidence.tests.status');
  });

  it('promotes nothing that is about another digest, or no longer live', async () => {
    const digest = await live();
    await brought(`sha256:${'0'.repeat(64)}`);
    await delivered();
    const next = { id: 'dep-2', agent_id: 'agent-1', environment: 'development', gateway_id: 'gw-dev' };
    expect((await as('dev')('POST', '/api/v1/deployments', next)).status).toBe(201);
    await brought(digest);
    await delivered();
    expect(await promotions()).toEqual([]);
  });

  it('is not needed: whoever goes live later finds it there', async () => {
    const digest = await live();
    await brought(digest);
    published.length = 0;
    await as('dev')('PUT', '/api/v1/deployments/dep-agent-1/metrics', { metrics: { error_rate: 0 } });
    await delivered();
    expect(await promotions()).toHaveLength(1);
  });

  it('of another tenant promotes nothing here', async () => {
    const digest = await live();
    const [event] = published;
    await brought(digest);
    const custom = { tenant: 'globex', subject_digest: digest };
    published = published.map((each) => ({ ...each, data: { ...each.data, customData: custom } }));
    expect(event).toBeDefined();
    await delivered();
    expect(await promotions()).toEqual([]);
  });
});
