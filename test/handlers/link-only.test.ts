import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from './api-world.ts';
import { browser } from './browser.ts';
import { happened, mailed } from './links-world.ts';

const path = '/api/v1/promotions';
let world: World;

beforeEach(async () => {
  world = await createWorld();
  const admin = world.as('admin');
  await admin('POST', '/api/v1/gateways', { id: 'gw-stg', environment: 'staging' });
  await world.as('dev')('POST', '/api/v1/deployments', {
    id: 'dep-1',
    agent_id: 'agent-1',
    gateway_id: 'gw-dev',
    environment: 'development',
  });
});

const policy = (over: object = {}) =>
  world.as('admin')('POST', '/api/v1/approval-policies', {
    name: 'links',
    environments: ['staging'],
    link_only: true,
    reason: 'links alone',
    ...over,
  });

async function requested(): Promise<string> {
  const made = await world.as('dev')('POST', path, {
    agent_id: 'agent-1',
    source_deployment_id: 'dep-1',
    target_gateway_id: 'gw-stg',
    target_environment: 'staging',
  });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  return made.body.id;
}

describe('a policy that lets links act alone', () => {
  it('takes whoever has the link for its approver, once', async () => {
    expect(await policy()).toMatchObject({ status: 201, body: { link_only: true } });
    const id = await requested();
    const { link } = await mailed(world, id);
    const anybody = browser(world);
    expect((await anybody.get(link)).body).toContain('You decide as alice@acme.com');
    expect((await anybody.post(link, { decision: 'approve' })).status).toBe(200);
    expect((await anybody.post(link, { decision: 'approve' })).status).toBe(410);
    const [granted] = (await world.deps.promotions.events('acme', id)).filter(
      ({ event }) => event.type === 'ApprovalGranted',
    );
    expect(granted?.actor).toMatchObject({ subject: 'alice', via: { channel: 'email' } });
  });

  it('takes a program without a token, but none with a bad one', async () => {
    await policy();
    const { link } = await mailed(world, await requested());
    const post = (headers: Record<string, string>) =>
      world.send({ method: 'POST', path: link, headers, body: { decision: 'approve' } });
    expect((await post({ authorization: 'Bearer a.b.c' })).status).toBe(401);
    expect((await post({})).status).toBe(200);
  });

  it('cannot be written for a protected environment, by name or with all', async () => {
    for (const environments of [['production'], ['*'], ['staging', 'prod']]) {
      const answer = await policy({ environments });
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      expect(answer.body.detail).toContain('production is protected');
    }
  });

  it('counts for nothing once the environment is protected, also for what was requested before', async () => {
    await policy();
    const id = await requested();
    const { link } = await mailed(world, id);
    const put = await world.as('admin')('PATCH', '/api/v1/environments/staging', { protected: true });
    expect(put.status, JSON.stringify(put.body)).toBe(200);
    const page = await browser(world).post(link, { decision: 'approve' });
    expect(page.status).toBe(401);
    expect(await happened(world, id)).not.toContain('ApprovalGranted');
  });

  it('is outvoted by any other policy', async () => {
    await policy();
    await policy({ name: 'strict', link_only: false });
    const { link } = await mailed(world, await requested());
    expect((await browser(world).get(link)).body).toContain('Sign in');
    expect((await browser(world).post(link, { decision: 'approve' })).status).toBe(401);
  });
});
