import { beforeEach, describe, expect, it } from 'vitest';
import { autoPromote } from '../../functions/use-cases/auto-promotion/promote.ts';
import { commitRecorded } from '../support/recorded.ts';
import { ACME, CI, createWorld, START, type World } from './api-world.ts';

const path = '/api/v1/promotions';
const EVERY_DUTY = { requester: true, author: true, previous_promoter: true, evidence_producer: true };
const NO_DUTY = { requester: false, author: false, previous_promoter: false, evidence_producer: false };

let world: World;
const as = (name: Parameters<World['as']>[0]) => world.as(name);
const admin = (...call: Parameters<ReturnType<World['as']>>) => as('admin')(...call);

/** A member of acme with every role there is to promote; what the directory says of them may be said in many ways. */
async function member(subject: string, email: string): Promise<void> {
  const grants = [{ role: 'developer' }, { role: 'promoter' }, { role: 'approver' }] as const;
  const membership = {
    tenant: ACME,
    subject,
    user_id: subject,
    email,
    groups: [],
    grants,
    status: 'active',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  const told = { action: 'create', target: { type: 'member', id: subject }, after: membership } as const;
  await commitRecorded(world.deps, ACME, told, { write: 'membership', membership, expected: 0 });
}

const call = (signer: object, method: string, to: string, body?: unknown) =>
  world.send({ method, path: to, signer: signer as never, ...(body === undefined ? {} : { body }) });
const record = (signer: object, id: string, environment = 'staging') =>
  call(signer, 'POST', '/api/v1/deployments', {
    id,
    agent_id: 'agent-123',
    gateway_id: `gw-${environment}`,
    environment,
  });
const request = (signer: object, source: string) =>
  call(signer, 'POST', path, {
    agent_id: 'agent-123',
    source_deployment_id: source,
    target_gateway_id: 'gw-production',
    target_environment: 'production',
  });
const demand = (duties: object) =>
  admin('POST', '/api/v1/approval-policies', {
    name: 'duties',
    environments: ['production'],
    separation_of_duties: { ...NO_DUTY, ...duties },
    reason: 'these duties alone',
  });
const approve = (signer: object, id: string) => call(signer, 'POST', `${path}/${id}/approve`);
const separated = (relation: string) => ({
  status: 403,
  body: { code: 'separation_of_duties', relation },
});

beforeEach(async () => {
  world = await createWorld();
  for (const environment of ['development', 'staging', 'production']) {
    await admin('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
  }
  await member('erin', 'erin@acme.com');
  await member('erin-2', ' ERIN@ACME.com ');
  await member('frank', 'frank@acme.com');
});

describe('separation of duties, over the whole stack', () => {
  it('keeps the requester from approving, also under another subject with the same e-mail in another case', async () => {
    await record({ sub: 'frank' }, 'dep-1');
    const { id } = (await request({ sub: 'erin' }, 'dep-1')).body;
    expect(await approve({ sub: 'erin' }, id)).toMatchObject(separated('requester'));
    expect(await approve({ sub: 'erin-2' }, id)).toMatchObject(separated('requester'));
    expect(await approve({ sub: 'frank' }, id)).toMatchObject({ status: 200, body: { status: 'approved' } });
  });

  it('keeps the author from approving', async () => {
    await demand({ author: true });
    await record({ sub: 'frank' }, 'dep-1');
    const { id } = (await request({ sub: 'erin' }, 'dep-1')).body;
    expect(await approve({ sub: 'frank' }, id)).toMatchObject(separated('author'));
    expect(await approve({ sub: 'erin' }, id)).toMatchObject({ status: 200 });
  });

  it('knows the owner of a machine as the machine', async () => {
    await demand({ author: true });
    await admin('PATCH', '/api/v1/members/dev', {
      roles: [{ role: 'developer' }, { role: 'approver' }, { role: 'promoter' }],
      reason: 'all hands',
    });
    expect(await record(CI as object, 'dep-1')).toMatchObject({ status: 201 });
    const { id } = (await request({ sub: 'erin' }, 'dep-1')).body;
    expect(await approve({ sub: 'dev' }, id)).toMatchObject(separated('author'));
    expect(await approve({ sub: 'frank' }, id)).toMatchObject({ status: 200 });
  });

  it('keeps the author from approving wherever the content came through', async () => {
    await demand({ author: true });
    await record({ sub: 'erin' }, 'dep-0', 'development');
    const hop = await call({ sub: 'dev' }, 'POST', path, {
      agent_id: 'agent-123',
      source_deployment_id: 'dep-0',
      target_gateway_id: 'gw-staging',
      target_environment: 'staging',
    });
    await world.run(hop.body.id);
    const { body: done } = await as('dev')('GET', `${path}/${hop.body.id}`);
    const { id } = (await request({ sub: 'dev' }, done.target_deployment_id)).body;
    expect(await approve({ sub: 'erin' }, id)).toMatchObject(separated('author'));
    expect(await approve({ sub: 'frank' }, id)).toMatchObject({ status: 200 });
  });

  it('bars the previous promoter from approving, requester and executor', async () => {
    await admin('POST', '/api/v1/approval-policies', {
      name: 'previous',
      environments: ['production'],
      separation_of_duties: { ...NO_DUTY, previous_promoter: true },
      reason: 'this duty alone',
    });
    await record({ sub: 'alice' }, 'dep-0', 'development');
    await record({ sub: 'dev' }, 'dep-0', 'development');
    const first = await call({ sub: 'erin' }, 'POST', path, {
      agent_id: 'agent-123',
      source_deployment_id: 'dep-0',
      target_gateway_id: 'gw-staging',
      target_environment: 'staging',
      execution: 'manual',
    });
    expect(first, JSON.stringify(first.body)).toMatchObject({ status: 201, body: { status: 'approved' } });
    expect((await call({ sub: 'frank' }, 'POST', `${path}/${first.body.id}/execute`)).status).toBeLessThan(
      300,
    );
    await world.run(first.body.id);
    const { body: done } = await as('dev')('GET', `${path}/${first.body.id}`);
    const { id } = (await request({ sub: 'dev' }, done.target_deployment_id)).body;
    expect(await approve({ sub: 'erin' }, id)).toMatchObject(separated('previous_promoter'));
    expect(await approve({ sub: 'frank' }, id)).toMatchObject(separated('previous_promoter'));
    expect(await approve({ sub: 'alice' }, id)).toMatchObject({ status: 200 });
  });

  it('keeps whoever produced its evidence from approving', async () => {
    await demand({ evidence_producer: true });
    await record({ sub: 'dev' }, 'dep-1');
    const { id, subject_digest } = await requestedWithDigest('erin', 'dep-1');
    const sent = await call({ sub: 'frank' }, 'POST', '/api/v1/evidence', {
      gate: 'tests',
      format: 'json',
      subject_digest,
      produced_at: START,
      document: JSON.stringify({ passed: true }),
    });
    expect(sent.status, JSON.stringify(sent.body)).toBeLessThan(300);
    expect(await approve({ sub: 'frank' }, id)).toMatchObject(separated('evidence_producer'));
    expect(await approve({ sub: 'alice' }, id)).toMatchObject({ status: 200 });
  });

  it('takes whoever reported what set off an automatic promotion for its requester', async () => {
    await admin('POST', '/api/v1/promotions/rules', {
      name: 'auto',
      source_environment: 'staging',
      target_environment: 'production',
      ...{ auto_promote: true, reason: 'by itself' },
    });
    world.at('2026-11-21T10:00:00.000Z');
    await record({ sub: 'frank' }, 'dep-1');
    const [made] = await autoPromote(world.deps, { tenant: ACME, deployment_id: 'dep-1' });
    expect(made).toMatchObject({ result: 'created' });
    const id = made?.promotion_id ?? '';
    expect(await approve({ sub: 'frank' }, id)).toMatchObject(separated('requester'));
    expect(await approve({ sub: 'alice' }, id)).toMatchObject({ status: 200 });
  });

  it('says no to everybody when history cannot be read', async () => {
    await demand(EVERY_DUTY);
    await record({ sub: 'dev' }, 'dep-1');
    const { id } = (await request({ sub: 'erin' }, 'dep-1')).body;
    const { deployments } = world.deps;
    Object.assign(world.deps, { deployments: { ...deployments, read: async () => undefined } });
    expect(await approve({ sub: 'alice' }, id)).toMatchObject(separated('unreadable'));
    Object.assign(world.deps, { deployments });
    expect(await approve({ sub: 'alice' }, id)).toMatchObject({ status: 200 });
  });

  it('is explained: who may still approve, who may not, and why', async () => {
    await demand({ requester: true, author: true });
    await record({ sub: 'frank' }, 'dep-1');
    const { id } = (await request({ sub: 'erin' }, 'dep-1')).body;
    const { people } = (await as('viewer')('GET', `${path}/${id}/approvals`)).body;
    const why = Object.fromEntries(
      people.map(({ subject, why: reason }: { subject: string; why: string | null }) => [subject, reason]),
    );
    expect(why).toMatchObject({
      erin: 'separation_of_duties',
      'erin-2': 'separation_of_duties',
      frank: 'separation_of_duties',
      alice: null,
      bob: null,
    });
    expect(why).not.toHaveProperty('viewer');
  });
});

async function requestedWithDigest(name: string, source: string) {
  const { id } = (await request({ sub: name }, source)).body;
  const { manifest } = (await as('dev')('GET', `${path}/${id}/manifest`)).body;
  return { id, subject_digest: manifest.source.digest };
}
