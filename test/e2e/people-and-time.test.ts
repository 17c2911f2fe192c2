import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Body, until } from '../support/api.ts';
import { Browser, type Page } from '../support/browser.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

/** Seconds from now for which the promotion is scheduled, and how late it may be. */
const AHEAD = 10;
const LATE = 60;

let runtime: Runtime;
let dev: Api;
let alice: Api;
let bob: Api;
let admin: Api;

beforeAll(async () => {
  runtime = await startRuntime();
  const as = async (email: string) => new Api(runtime.url, await runtime.token(email));
  [dev, alice, bob, admin] = [
    await as('dev@acme.com'),
    await as('alice@acme.com'),
    await as('bob@acme.com'),
    await as('admin@acme.com'),
  ];
  for (const [id, environment] of [
    ['gw-stg', 'staging'],
    ['gw-prod', 'production'],
  ]) {
    await admin.post('/api/v1/gateways', { id, environment, driver: 'record' });
  }
  await admin.post('/api/v1/promotions/rules', {
    name: 'Two people before production',
    source_environment: 'staging',
    target_environment: 'production',
    requires_approval: true,
    auto_promote: false,
    required_approvers: 2,
  });
}, 120_000);
afterAll(() => runtime?.stop());

describe('a promotion to production', () => {
  let id: string;
  let path: string;
  const promotion = async (): Promise<Body> => (await dev.get(path)).body;
  const timeline = async (): Promise<Body[]> => (await dev.get(`${path}/timeline`)).body.items;
  const inbox = (): Promise<Page> => new Browser().get(`${runtime.url}/_local/inbox`);

  it('is requested and waits for two people', async () => {
    await dev.post('/api/v1/deployments', {
      id: 'dep-1',
      agent_id: 'agent-1',
      gateway_id: 'gw-stg',
      environment: 'staging',
    });
    const { status, body } = await dev.post('/api/v1/promotions', {
      agent_id: 'agent-1',
      source_deployment_id: 'dep-1',
      target_gateway_id: 'gw-prod',
      target_environment: 'production',
    });
    expect(status).toBe(201);
    id = body.id;
    path = `/api/v1/promotions/${id}`;
    await until(promotion, (seen) => seen.waiting_for === 'approval');
  });

  it('mails alice, who reads it in the inbox', async () => {
    const { html } = await until(inbox, (page) => page.html.includes('To alice@acme.com'));
    expect(html).toContain('agent-1');
  });

  it('is approved by alice and then by bob', async () => {
    expect((await alice.post(`${path}/approve`)).status).toBe(200);
    expect((await promotion()).status).toBe('pending');
    expect((await bob.post(`${path}/approve`)).status).toBe(200);
    await until(promotion, ({ status }) => status === 'approved');
  });

  it(`runs within ${LATE} s of the time for which it was scheduled`, async () => {
    const at = new Date(Date.now() + AHEAD * 1000).toISOString();
    const scheduled = await dev.post(`${path}/schedule`, { at });
    expect(scheduled.body).toMatchObject({ status: 'scheduled', scheduled_at: at });
    const done = await until(promotion, ({ status }) => status === 'completed', 700, 100);
    const late = Date.parse(done.completed_at) - Date.parse(at);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(LATE * 1000);
  }, 90_000);

  it('tells each of these steps in its timeline', async () => {
    const types = (await timeline()).map((event) => event.type);
    expect(types).toEqual([
      'PromotionRequested',
      'PromotionAssessed',
      'ApprovalGranted',
      'ApprovalGranted',
      'PromotionApproved',
      'PromotionScheduled',
      'ExecutionRequested',
      'ExecutionStarted',
      'PromotionCompleted',
    ]);
  });
});
