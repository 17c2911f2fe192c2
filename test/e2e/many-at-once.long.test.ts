import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Api, until } from '../support/api.ts';
import { GatewayServer } from '../support/gateway.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const RACERS = 20;
const APPROVERS = 50;
let runtime: Runtime;
let gateway: GatewayServer;
let dev: Api;
let alice: Api;
let admin: Api;
let approvers: Api[];

/** The demo people and fifty more approvers, as a file for the local issuer. */
const crowd = Array.from({ length: APPROVERS }, (_, n) => ({
  email: `approver-${n}@acme.com`,
  subject: `77777777-0000-4000-8000-${String(n).padStart(12, '0')}`,
  roles: ['approver'],
}));

beforeAll(async () => {
  gateway = await GatewayServer.start();
  runtime = await startRuntime({}, { people: crowd });
  const as = async (email: string) => new Api(runtime.url, await runtime.token(email));
  dev = await as('dev@acme.com');
  alice = await as('alice@acme.com');
  admin = await as('admin@acme.com');
  approvers = await Promise.all(crowd.map((person) => as(person.email)));
  await admin.post('/api/v1/gateways', {
    id: 'gw-http',
    environment: 'production',
    driver: 'http',
    endpoint: gateway.url,
  });
  await admin.post('/api/v1/gateways', { id: 'gw-staging', environment: 'staging', driver: 'record' });
});
afterAll(async () => {
  await stopReplayed(runtime);
  await gateway?.stop();
});

async function requested(n: string, agent: string): Promise<string> {
  await dev.post('/api/v1/deployments', {
    id: `dep-${n}`,
    agent_id: agent,
    gateway_id: 'gw-staging',
    environment: 'staging',
    version: n,
  });
  const answer = await dev.post('/api/v1/promotions', {
    agent_id: agent,
    source_deployment_id: `dep-${n}`,
    target_gateway_id: 'gw-http',
    target_environment: 'production',
  });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return answer.body.id;
}

const read = async (id: string): Promise<Answer['body']> => (await dev.get(`/api/v1/promotions/${id}`)).body;
const types = async (id: string): Promise<string[]> =>
  (await dev.get(`/api/v1/promotions/${id}/timeline?limit=100`)).body.items.map(
    (event: { type: string }) => event.type,
  );

describe('many at once', () => {
  it(`counts each of ${APPROVERS} simultaneous approvers once, approves once and executes once`, async () => {
    await admin.post('/api/v1/promotions/rules', {
      name: 'Everybody',
      source_environment: 'staging',
      target_environment: 'production',
      requires_approval: true,
      auto_promote: false,
      required_approvers: APPROVERS,
    });
    const id = await requested('crowd', 'agent-crowd');
    // Who is told to come again does so: how long a crowd may take is not what is asked here.
    const answers = await Promise.all(
      approvers.map((approver) =>
        until(
          () => approver.post(`/api/v1/promotions/${id}/approve`),
          ({ status }) => status !== 503,
        ),
      ),
    );
    expect(answers.map((answer) => answer.status)).toEqual(new Array(APPROVERS).fill(200));
    const approved = await read(id);
    expect(approved.status).toBe('approved');
    expect(new Set(approved.approvals.map((one: { subject: string }) => one.subject)).size).toBe(APPROVERS);
    expect(approved.approvals).toHaveLength(APPROVERS);

    await Promise.all(Array.from({ length: 5 }, () => dev.post(`/api/v1/promotions/${id}/execute`)));
    await until(
      () => read(id),
      (promotion) => promotion.status === 'completed',
    );
    const seen = await types(id);
    for (const once of [
      'PromotionApproved',
      'ExecutionRequested',
      'ExecutionStarted',
      'PromotionCompleted',
    ]) {
      expect(
        seen.filter((type) => type === once),
        once,
      ).toHaveLength(1);
    }
    expect(gateway.seen).toHaveLength(1);
    const rules = (await admin.get('/api/v1/promotions/rules')).body.items;
    for (const rule of rules) await admin.delete(`/api/v1/promotions/rules/${rule.id}?reason=over`);
  });

  it(`lets one of ${RACERS} promotions racing for one head win, with one request at the gateway`, async () => {
    gateway.seen.length = 0;
    gateway.deployed.clear();
    const ids: string[] = [];
    for (let n = 0; n < RACERS; n++) ids.push(await requested(`race-${n}`, 'agent-race'));
    for (const id of ids) expect((await alice.post(`/api/v1/promotions/${id}/approve`)).status).toBe(200);
    const executed = await Promise.all(ids.map((id) => dev.post(`/api/v1/promotions/${id}/execute`)));
    const settled = await Promise.all(
      ids.map((id, n) =>
        until(
          () => read(id),
          (promotion) =>
            promotion.status === 'completed' ||
            executed[n]?.body.code === 'target_moved' ||
            saysMoved(promotion),
        ),
      ),
    );
    expect(settled.filter((promotion) => promotion.status === 'completed')).toHaveLength(1);
    expect(gateway.seen).toHaveLength(1);
    expect(gateway.deployed.size).toBe(1);
    const history = (
      await dev.get('/api/v1/platform/deployments/history?environment=production&kind=agent&limit=100')
    ).body;
    expect(
      history.filter(
        (deployment: { status: string; agentId?: string }) => deployment.agentId === 'agent-race',
      ),
    ).toHaveLength(1);
  });
});

/** A loser whose execution was let in stands where it is asked for again, and says why. */
function saysMoved(promotion: { reason_code: string | null; blocked_by: string[] }): boolean {
  return promotion.reason_code === 'target_moved' || promotion.blocked_by.includes('target_moved');
}
