import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, type Answer, CI, createWorld, type Name, START, type World } from './api-world.ts';

const path = '/api/v1/promotions';
let world: World;

const as =
  (name: Name) =>
  (...call: Parameters<ReturnType<World['as']>>): Promise<Answer> =>
    world.as(name)(...call);
const [dev, alice, bob, admin] = [as('dev'), as('alice'), as('bob'), as('admin')];

const toProduction = {
  agent_id: 'agent-123',
  source_deployment_id: 'dep-456',
  target_gateway_id: 'gw-789',
  target_environment: 'production',
};

async function recorded(id: string, environment: string, agent_id = 'agent-123'): Promise<void> {
  const answer = await dev('POST', '/api/v1/deployments', {
    id,
    agent_id,
    gateway_id: `gw-${environment}`,
    environment,
  });
  expect(answer.status).toBe(201);
}

/** A promotion to production that waits for approval. */
async function requested(over: object = {}): Promise<string> {
  const made = await dev('POST', path, { ...toProduction, ...over });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201, body: { status: 'pending' } });
  return made.body.id;
}

beforeEach(async () => {
  world = await createWorld();
  for (const [id, environment] of [
    ['gw-staging', 'staging'],
    ['gw-789', 'production'],
  ]) {
    await admin('POST', '/api/v1/gateways', { id, environment });
  }
  await recorded('dep-456', 'staging');
});

describe('requesting a promotion', () => {
  it('answers the sixteen fields of the document, and what it waits for', async () => {
    const made = await dev('POST', path, toProduction);
    expect(made).toMatchObject({ status: 201, headers: { location: `${path}/prom-0001` } });
    expect(made.body).toMatchObject({
      id: 'prom-0001',
      organization_id: ACME,
      agent_id: 'agent-123',
      source_deployment_id: 'dep-456',
      target_gateway_id: 'gw-789',
      source_environment: 'staging',
      target_environment: 'production',
      status: 'pending',
      requires_approval: true,
      approved_by: null,
      approved_at: null,
      rejection_reason: null,
      target_deployment_id: null,
      created_by: 'dev',
      created_at: START,
      completed_at: null,
      kind: 'agent',
      type: 'promotion',
      subject: { kind: 'agent', name: 'agent-123' },
      waiting_for: 'approval',
      approvals: [],
      gates: [{ name: 'policy_compliance', status: 'PASSED' }],
      blocked_by: [],
      execution: 'manual',
      failure: null,
    });
    expect(await dev('GET', `${path}/prom-0001`)).toMatchObject({ status: 200, body: made.body });
  });

  it('only says what would be on a dry run', async () => {
    const dry = await dev('POST', `${path}?dry_run=true`, toProduction);
    expect(dry).toMatchObject({ status: 200, body: { would_be: 'pending', requires_approval: true } });
    expect((await dev('GET', path)).body.items).toEqual([]);
    expect(await dev('GET', `${path}/${dry.body.id}`)).toMatchObject({ status: 404 });
    expect(await dev('POST', `${path}?dry_run=maybe`, toProduction)).toMatchObject({ status: 400 });
  });

  it.each([
    ['an unknown environment', { target_environment: 'moon' }, 404, 'unknown_environment'],
    ['an unknown gateway', { target_gateway_id: 'gw-none' }, 404, 'unknown_gateway'],
    ['an unknown source', { source_deployment_id: 'dep-none' }, 404, 'not_found'],
    ["another agent's source", { agent_id: 'agent-9' }, 409, 'source_mismatch'],
    ['an unknown field', { colour: 'red' }, 400, 'invalid_request'],
    ['an id that is none', { agent_id: 'a b' }, 400, 'invalid_request'],
    ['a wrong type', { agent_id: 7 }, 400, 'invalid_request'],
    ['70 KB', { agent_id: 'a'.repeat(70_000) }, 413, 'payload_too_large'],
  ])('refuses %s and writes nothing', async (_, change, status, code) => {
    expect(await dev('POST', path, { ...toProduction, ...change })).toMatchObject({ status, body: { code } });
    expect((await dev('GET', path)).body.items).toEqual([]);
  });

  it('refuses a skipped stage and names it', async () => {
    await recorded('dep-dev', 'development', 'agent-123');
    const skip = await dev('POST', path, { ...toProduction, source_deployment_id: 'dep-dev' });
    expect(skip).toMatchObject({
      status: 409,
      body: { code: 'missing_stages', missing_stages: ['staging'] },
    });
  });

  it('refuses a second open one of the same, and names the first', async () => {
    const id = await requested();
    expect(await dev('POST', path, toProduction)).toMatchObject({
      status: 409,
      body: { code: 'already_open', promotion_id: id },
    });
    const newer = await requested({ supersede: true });
    expect(await dev('GET', `${path}/${id}`)).toMatchObject({ body: { status: 'cancelled' } });
    expect(newer).not.toBe(id);
  });

  it('is one under one Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const [one, two] = await Promise.all([
      dev('POST', path, toProduction, key),
      dev('POST', path, toProduction, key),
    ]);
    expect(one.status).toBe(201);
    expect(two).toMatchObject({ status: 201, body: { id: one.body.id } });
    expect((await dev('GET', path)).body.items).toHaveLength(1);
    expect(await dev('POST', `${path}?dry_run=true`, toProduction, key)).toMatchObject({ status: 422 });
  });
});

describe('deciding', () => {
  it.each([undefined, '', {}, { comment: 'fine' }])('approves with the body %j', async (body) => {
    const id = await requested();
    world.at('2026-11-21T10:00:00.000Z');
    const approved = await alice('POST', `${path}/${id}/approve`, body);
    expect(approved).toMatchObject({
      status: 200,
      body: {
        status: 'approved',
        waiting_for: 'execution',
        approved_by: 'alice',
        approved_at: '2026-11-21T10:00:00.000Z',
        approvals: [{ subject: 'alice', email: 'alice@acme.com', kind: 'person' }],
      },
    });
  });

  it('keeps the requester from approving, before any role, and records the denial', async () => {
    const id = await requested();
    expect(await dev('POST', `${path}/${id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'separation_of_duties' },
    });
    expect(await as('viewer')('POST', `${path}/${id}/approve`)).toMatchObject({
      status: 403,
      body: { code: 'not_authorized', required: ['approver'] },
    });
    const denials = await world.deps.denials.list(ACME, { limit: 10 });
    expect(denials.items.map(({ actor, code }) => [actor.subject, code]).toSorted()).toEqual([
      ['dev', 'separation_of_duties'],
      ['viewer', 'not_authorized'],
    ]);
  });

  it('refuses another manifest than the one named', async () => {
    const id = await requested();
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(await alice('POST', `${path}/${id}/approve`, { manifest_digest: digest })).toMatchObject({
      status: 409,
      body: { code: 'manifest_changed' },
    });
    expect(await alice('POST', `${path}/${id}/approve`, { manifest_digest: 'sha256:x' })).toMatchObject({
      status: 400,
    });
    const { manifest_digest } = (await dev('GET', `${path}/${id}/manifest`)).body;
    expect(await alice('POST', `${path}/${id}/approve`, { manifest_digest })).toMatchObject({ status: 200 });
  });

  it('rejects with a reason, and then nothing moves it', async () => {
    const id = await requested();
    for (const body of [undefined, '', {}, { reason: '' }]) {
      expect(await alice('POST', `${path}/${id}/reject`, body)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'reason' }] },
      });
    }
    expect(
      await alice('POST', `${path}/${id}/reject`, { reason: 'Tests not passing on staging' }),
    ).toMatchObject({
      status: 200,
      body: { status: 'rejected', rejection_reason: 'Tests not passing on staging', closed_by: 'person' },
    });
    const before = (await dev('GET', `${path}/${id}/timeline`)).body;
    for (const verb of ['approve', 'execute', 'validate', 'resubmit']) {
      expect((await as('admin')('POST', `${path}/${id}/${verb}`)).status, verb).toBe(409);
    }
    expect(await bob('POST', `${path}/${id}/reject`, { reason: 'again' })).toMatchObject({
      status: 409,
      body: { code: 'already_decided' },
    });
    expect((await dev('GET', `${path}/${id}/timeline`)).body).toEqual(before);
  });

  it('gives back for changes and takes up again', async () => {
    const id = await requested();
    expect(await alice('POST', `${path}/${id}/request-changes`, { reason: 'name the owner' })).toMatchObject({
      body: { status: 'pending', waiting_for: 'changes', changes_requested: 'name the owner' },
    });
    expect(await dev('POST', `${path}/${id}/resubmit`)).toMatchObject({ body: { waiting_for: 'approval' } });
    expect(await dev('POST', `${path}/${id}/validate`, { refresh: true })).toMatchObject({ status: 200 });
  });

  it('schedules in any offset, unschedules, and cancels', async () => {
    const id = await requested();
    const at = '2026-11-22T10:00:00+02:00';
    expect(await dev('POST', `${path}/${id}/schedule`, { at, on_missed: 'fail' })).toMatchObject({
      status: 200,
      body: { status: 'pending', scheduled_at: '2026-11-22T08:00:00.000Z', on_missed: 'fail' },
    });
    expect(await dev('POST', `${path}/${id}/schedule`, { at: 'tomorrow' })).toMatchObject({ status: 400 });
    expect(await dev('DELETE', `${path}/${id}/schedule`)).toMatchObject({
      status: 200,
      body: { scheduled_at: null },
    });
    expect(await dev('DELETE', `${path}/${id}`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect(await dev('DELETE', `${path}/${id}`)).toMatchObject({ status: 409 });
  });

  it('closes what has expired with the first command after', async () => {
    const id = await requested();
    world.at('2026-11-29T09:00:00.001Z');
    expect(await alice('POST', `${path}/${id}/approve`)).toMatchObject({
      status: 409,
      body: { code: 'expired' },
    });
    expect(await dev('GET', `${path}/${id}`)).toMatchObject({
      body: { status: 'rejected', closed_by: 'expiry' },
    });
  });
});

describe('executing', () => {
  it('is refused before approval and changes nothing', async () => {
    const id = await requested();
    const before = (await dev('GET', `${path}/${id}`)).body;
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
    expect((await dev('GET', `${path}/${id}`)).body).toEqual(before);
  });

  it('is accepted, runs, and is 200 once it is completed', async () => {
    const id = await requested();
    await alice('POST', `${path}/${id}/approve`);
    expect(await alice('POST', `${path}/${id}/execute`)).toMatchObject({ status: 403 });
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({
      status: 202,
      body: { status: 'approved' },
    });
    await world.run(id);
    const done = await dev('POST', `${path}/${id}/execute`);
    expect(done).toMatchObject({
      status: 200,
      body: { status: 'completed', target_deployment_id: expect.any(String), completed_at: START },
    });
    expect(await dev('GET', `/api/v1/deployments/${done.body.target_deployment_id}`)).toMatchObject({
      body: { environment: 'production', gateway_id: 'gw-789', status: 'DEPLOYED' },
    });
  });

  it('is refused while the target is locked', async () => {
    const id = await requested();
    await alice('POST', `${path}/${id}/approve`);
    await admin('POST', '/api/v1/environments/production/lock', { reason: 'incident' });
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({
      status: 423,
      body: { code: 'locked' },
    });
    await admin('POST', '/api/v1/environments/production/unlock');
    expect(await dev('POST', `${path}/${id}/execute`)).toMatchObject({ status: 202 });
  });

  it('fails for good when the gateway refuses, and is tried again as a new one', async () => {
    await admin('PUT', '/api/v1/gateways/gw-789', { driver: 'http', endpoint: 'https://gw.acme.com/' });
    world.outcome = { outcome: 'refused', message: 'no such agent' };
    const id = await requested();
    expect(await dev('POST', `${path}/${id}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
    await alice('POST', `${path}/${id}/approve`);
    await dev('POST', `${path}/${id}/execute`);
    await world.run(id);
    expect(await dev('GET', `${path}/${id}`)).toMatchObject({
      body: { status: 'failed', failure: { code: 'gateway_refused', target_state: 'unchanged' } },
    });
    expect(await alice('POST', `${path}/${id}/retry`)).toMatchObject({ status: 403 });
    const again = await dev('POST', `${path}/${id}/retry`);
    expect(again).toMatchObject({
      status: 201,
      headers: { location: `${path}/${again.body.id}` },
      body: { status: 'pending' },
    });
    expect(again.body.id).not.toBe(id);
  });
});

describe('reading', () => {
  it('lists newest first, by page and by filter', async () => {
    const agents = ['agent-a', 'agent-b', 'agent-c'];
    for (const [n, agent] of agents.entries()) {
      world.at(`2026-11-21T09:0${n + 1}:00.000Z`);
      await recorded(`dep-${agent}`, 'staging', agent);
      await requested({ agent_id: agent, source_deployment_id: `dep-${agent}` });
    }
    const first = (await dev('GET', `${path}?limit=2`)).body;
    expect(first.items.map(({ agent_id }: { agent_id: string }) => agent_id)).toEqual(['agent-c', 'agent-b']);
    const second = (await dev('GET', `${path}?limit=2&cursor=${first.next_cursor}`)).body;
    expect(second.items.map(({ agent_id }: { agent_id: string }) => agent_id)).toEqual(['agent-a']);
    expect(await dev('GET', `${path}?limit=2&agent_id=agent-a&cursor=${first.next_cursor}`)).toMatchObject({
      status: 400,
    });
    expect(
      (await dev('GET', `${path}?agent_id=agent-b&status=pending&kind=agent&target_environment=prod`)).body
        .items,
    ).toHaveLength(1);
    expect((await dev('GET', `${path}?status=completed`)).body.items).toEqual([]);
    expect(await dev('GET', `${path}?target_environment=moon`)).toMatchObject({ status: 404 });
    expect(await dev('GET', `${path}?status=lost`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'status' }] },
    });
  });

  it('shows what was decided, and decides the same again', async () => {
    const id = await requested();
    const { decision, decision_digest } = (await dev('GET', `${path}/${id}/decision`)).body;
    expect(decision).toMatchObject({
      promotion_id: id,
      outcome: 'pending',
      approvals: { required: 1, granted: [] },
    });
    const replay = (await dev('POST', `${path}/${id}/decision/replay`)).body;
    expect(replay).toMatchObject({ recorded: decision_digest, replayed: decision_digest, same: true });
    const { body: timeline } = await dev('GET', `${path}/${id}/timeline`);
    const decided = timeline.items.filter((stored: { event: object }) => 'decision' in stored.event);
    expect(decided.length).toBeGreaterThan(0);
    for (const { seq, event } of decided) {
      const { body } = await dev('GET', `${path}/${id}/decision?seq=${seq}`);
      expect(body).toEqual({ seq, decision: event.decision, decision_digest: event.decision_digest });
      expect(await dev('POST', `${path}/${id}/decision/replay?seq=${seq}`)).toMatchObject({
        body: { seq, replayed: event.decision_digest, same: true },
      });
    }
    expect(await dev('GET', `${path}/${id}/decision?seq=1`)).toMatchObject({ status: 404 });
    expect(await dev('GET', `${path}/${id}/decision?seq=0`)).toMatchObject({ status: 400 });
  });

  it('shows the manifest, its changes, its impact, who may approve, and what happened', async () => {
    const id = await requested();
    const { manifest } = (await dev('GET', `${path}/${id}/manifest`)).body;
    const changes = (await dev('GET', `${path}/${id}/changes`)).body;
    expect(changes).toMatchObject({
      change_set_digest: manifest.change_set_digest,
      items: [{ from: null, to: manifest.source.digest }],
    });
    expect((await dev('GET', `${path}/${id}/impact`)).body).toMatchObject({
      environment: 'production',
      replaces: null,
      target_moved: false,
    });
    const { people, required } = (await dev('GET', `${path}/${id}/approvals`)).body;
    expect(required).toBe(1);
    expect(people.find(({ subject }: { subject: string }) => subject === 'alice')).toMatchObject({
      eligible: true,
      why: null,
    });
    expect(people.find(({ subject }: { subject: string }) => subject === 'dev')).toMatchObject({
      eligible: false,
      why: 'separation_of_duties',
    });
    const timeline = (await dev('GET', `${path}/${id}/timeline`)).body;
    expect(timeline.items.map(({ type }: { type: string }) => type)).toEqual([
      'PromotionRequested',
      'PromotionAssessed',
    ]);
    expect(timeline.items[0]).toMatchObject({ seq: 1, prev: null, actor: { subject: 'dev' } });
    expect((await dev('GET', `${path}/${id}/evidence`)).body).toEqual({ items: [], next_cursor: null });
  });

  it('is for whoever has a role, machines included', async () => {
    const id = await requested();
    expect(await as('nobody')('GET', `${path}/${id}`)).toMatchObject({ status: 403 });
    expect(await as('nobody')('GET', path)).toMatchObject({ status: 403 });
    expect(await world.send({ method: 'GET', path: `${path}/${id}`, signer: CI })).toMatchObject({
      status: 200,
    });
    expect(await world.send({ method: 'POST', path: `${path}/${id}/approve`, signer: CI })).toMatchObject({
      status: 403,
    });
  });

  it('stays within the environments of a role', async () => {
    const id = await requested();
    await admin('PUT', '/api/v1/members/viewer', { roles: [{ role: 'viewer', environment: 'staging' }] });
    const viewer = as('viewer');
    expect(await viewer('GET', `${path}/${id}`)).toMatchObject({ status: 404 });
    expect(await viewer('GET', `${path}/${id}/timeline`)).toMatchObject({ status: 404 });
    expect((await viewer('GET', path)).body.items).toEqual([]);
  });
});
