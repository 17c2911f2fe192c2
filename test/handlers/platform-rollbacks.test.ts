import { beforeEach, describe, expect, it } from 'vitest';
import { CI, createWorld, type World } from './api-world.ts';
import type { Answer } from './event.ts';

const DEPLOYMENTS = '/api/v1/platform/deployments';
const asked = { environment: 'stg', reason: 'errors rise' };
const [OLD, NEW] = ['v2.0.0-def5678', 'v2.1.0-abc1234'];

let world: World;
const dev = (...call: Parameters<ReturnType<World['as']>>) => world.as('dev')(...call);
const ci = (method: string, path: string, body?: unknown) =>
  world.send({ method, path, signer: CI, ...(body === undefined ? {} : { body }) });
const back = (tag: string, body: object = asked, headers = {}) =>
  dev('POST', `${DEPLOYMENTS}/tag/${tag}/rollback`, body, headers);

async function must(answer: Promise<Answer>): Promise<Answer> {
  const { status, ...rest } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(rest.body)}`);
  return { status, ...rest };
}
const record = (id: string, imageTag: string, more: object = {}) =>
  must(ci('POST', DEPLOYMENTS, { id, imageTag, environment: 'stg', gitCommit: id, ...more }));
const current = async () => (await dev('GET', `${DEPLOYMENTS}/current?environment=staging`)).body;
const read = async (id: string) => (await dev('GET', `${DEPLOYMENTS}/${id}`)).body;

/** A rollback that executes: the promotion, and its deployment. */
async function begun(): Promise<{ readonly id: string; readonly deployment: string }> {
  const { body } = await must(back(OLD));
  await world.run(body.id);
  const executing = (await dev('GET', `/api/v1/promotions/${body.id}`)).body;
  expect(executing).toMatchObject({ status: 'executing', type: 'rollback' });
  return { id: body.id, deployment: executing.target_deployment_id };
}

beforeEach(async () => {
  world = await createWorld();
  for (const name of ['staging', 'production']) {
    // No gate for signatures: nothing is known of a tag that pipelines only reported.
    await must(world.as('admin')('PATCH', `/api/v1/environments/${name}`, { gates: [], reason: 'test' }));
  }
  await record('dep-old', OLD, {
    helmChartVersion: '1.3.0',
    serviceVersions: { ai: '2.0.0' },
    notes: 'first',
  });
  world.at('2026-11-21T09:10:00.000Z');
  await record('dep-new', NEW, { helmChartVersion: '1.4.0' });
  world.at('2026-11-21T10:00:00.000Z');
});

describe('a rollback to an image tag', () => {
  it('is a promotion whose deployment is PENDING until the pipeline reports, and then becomes the current one', async () => {
    const made = await back(OLD);
    expect(made, JSON.stringify(made.body)).toMatchObject({
      status: 202,
      headers: { location: `/api/v1/config/promotions/${made.body.id}`, 'retry-after': '1' },
      body: {
        type: 'rollback',
        subject: { kind: 'artifact', name: 'platform' },
        artifactVersion: OLD,
        sourceEnvironment: 'staging',
        targetEnvironment: 'staging',
        status: 'approved',
      },
    });
    await world.run(made.body.id);
    const { targetDeploymentId: id } = (await dev('GET', String(made.headers['location']))).body;
    expect(await read(id)).toMatchObject({ status: 'PENDING', imageTag: OLD, recorded: false });
    expect(await current()).toMatchObject({ id: 'dep-new' });

    world.at('2026-11-21T10:04:00.000Z');
    const reported = await ci('PATCH', `${DEPLOYMENTS}/${id}`, { status: 'DEPLOYED' });
    expect(reported, JSON.stringify(reported.body)).toMatchObject({
      status: 200,
      body: {
        status: 'DEPLOYED',
        liveAt: '2026-11-21T10:04:00.000Z',
        gitCommit: 'dep-old',
        helmChartVersion: '1.3.0',
        serviceVersions: { ai: '2.0.0' },
        notes: null,
      },
    });
    expect(await current()).toMatchObject({ id, imageTag: OLD });
    expect(await read('dep-new')).toMatchObject({
      status: 'ROLLED_BACK',
      endedAt: '2026-11-21T10:04:00.000Z',
    });
    expect((await dev('GET', `/api/v1/promotions/${made.body.id}`)).body).toMatchObject({
      status: 'completed',
    });
    // The same report again changes nothing, and none that contradicts it is taken.
    expect((await ci('PATCH', `${DEPLOYMENTS}/${id}`, { status: 'DEPLOYED' })).body).toEqual(reported.body);
    expect((await ci('PATCH', `${DEPLOYMENTS}/${id}`, { status: 'PENDING' })).status).toBe(409);
    // What was rolled back is no longer a DEPLOYED record to go back to.
    expect(await back(NEW)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('leaves the environment as it was when the pipeline fails, and may be tried again', async () => {
    const { id, deployment } = await begun();
    await must(ci('PATCH', `${DEPLOYMENTS}/${deployment}`, { status: 'FAILED', notes: 'no nodes' }));
    expect(await current()).toMatchObject({ id: 'dep-new', status: 'DEPLOYED' });
    const failed = (await dev('GET', `/api/v1/promotions/${id}`)).body;
    expect(failed).toMatchObject({
      status: 'failed',
      failure: { message: 'no nodes', target_state: 'unchanged' },
    });
    const again = await dev('POST', `/api/v1/promotions/${id}/retry`);
    expect(again, JSON.stringify(again.body)).toMatchObject({
      status: 201,
      body: { type: 'rollback', artifact_version: OLD },
    });
  });

  it('that was itself taken back is not current while an older DEPLOYED record serves', async () => {
    const { deployment } = await begun();
    await must(ci('PATCH', `${DEPLOYMENTS}/${deployment}`, { status: 'DEPLOYED' }));
    await must(ci('PATCH', `${DEPLOYMENTS}/${deployment}`, { status: 'ROLLED_BACK' }));
    expect(await current()).toMatchObject({ id: 'dep-old', status: 'DEPLOYED', imageTag: OLD });
    await must(ci('PATCH', `${DEPLOYMENTS}/dep-old`, { status: 'FAILED' }));
    expect(await current()).toMatchObject({ id: deployment, status: 'ROLLED_BACK' });
  });

  it('runs twice as once: the step again, the key again, the request again', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    const first = await back(OLD, asked, headers);
    expect((await back(OLD, asked, headers)).body).toEqual(first.body);
    expect(await back(OLD)).toMatchObject({
      status: 409,
      body: { code: 'already_open', promotionId: first.body.id },
    });
    const runs = await Promise.all([world.run(first.body.id), world.run(first.body.id)]);
    const ids = new Set(runs.map((state) => 'deployment_id' in state && state.deployment_id));
    expect(ids.size).toBe(1);
    const pending = (await dev('GET', `${DEPLOYMENTS}/tag/${OLD}`)).body;
    expect(pending.filter(({ status }: { status: string }) => status === 'PENDING')).toHaveLength(1);
  });

  it('lets one of two at once through', async () => {
    const both = await Promise.all([back(OLD), back(OLD)]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
  });

  it('keeps a pipeline from recording over it', async () => {
    const { id, deployment } = await begun();
    const over = await ci('POST', DEPLOYMENTS, { id: 'dep-3', imageTag: 'v3', environment: 'stg' });
    expect(over).toMatchObject({ status: 409, body: { code: 'conflict', promotionId: id } });
    expect(await read(deployment)).toMatchObject({ status: 'PENDING' });
  });

  it('is found by the newest DEPLOYED record of that environment alone', async () => {
    expect(await back('v9')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await back(OLD, { ...asked, environment: 'dev' })).toMatchObject({ status: 404 });
    expect(await back(OLD, { ...asked, environment: 'qa' })).toMatchObject({
      status: 404,
      body: { code: 'unknown_environment' },
    });
    expect(await back(NEW)).toMatchObject({ status: 409, body: { code: 'nothing_to_promote' } });
    await record('dep-failed', 'v4', { status: 'FAILED' });
    expect(await back('v4')).toMatchObject({ status: 404 });
  });

  it('asks for a reason, a role, and no lock; another tenant has no such tag', async () => {
    expect(await back(OLD, { environment: 'stg' })).toMatchObject({ status: 400 });
    expect(await back(OLD, { ...asked, reason: '' })).toMatchObject({ status: 400 });
    expect(await back(OLD, { ...asked, force: true })).toMatchObject({ status: 400 });
    const path = `${DEPLOYMENTS}/tag/${OLD}/rollback`;
    expect(await world.as('viewer')('POST', path, asked)).toMatchObject({
      status: 403,
      body: { code: 'not_authorized', required: ['promoter'] },
    });
    expect(await world.as('carol')('POST', path, asked)).toMatchObject({ status: 404 });
    await must(world.as('admin')('POST', '/api/v1/environments/staging/lock', { reason: 'incident' }));
    expect(await back(OLD)).toMatchObject({ status: 423, body: { code: 'locked' } });
  });

  it('is reported by whoever may record there: in a protected environment a machine alone', async () => {
    await record('prod-1', OLD, { environment: 'prod' });
    world.at('2026-11-21T10:30:00.000Z');
    await record('prod-2', NEW, { environment: 'prod' });
    const { body } = await must(back(OLD, { ...asked, environment: 'prod', execution: 'automatic' }));
    expect(body).toMatchObject({ status: 'pending', waitingFor: 'approval' });
    await must(world.as('alice')('POST', `/api/v1/promotions/${body.id}/approve`));
    await world.run(body.id);
    const { target_deployment_id: id } = (await dev('GET', `/api/v1/promotions/${body.id}`)).body;
    const report = { status: 'DEPLOYED' };
    expect(await dev('PATCH', `${DEPLOYMENTS}/${id}`, report)).toMatchObject({
      status: 409,
      body: { code: 'protected' },
    });
    expect(await world.as('viewer')('PATCH', `${DEPLOYMENTS}/${id}`, report)).toMatchObject({ status: 403 });
    expect(await world.as('carol')('PATCH', `${DEPLOYMENTS}/${id}`, report)).toMatchObject({ status: 404 });
    await must(ci('PATCH', `${DEPLOYMENTS}/${id}`, report));
    expect((await dev('GET', `${DEPLOYMENTS}/current?environment=prod`)).body).toMatchObject({ id });
  });

  it('may be approved where authors may not approve: its author is whoever recorded what is brought back', async () => {
    await must(
      world.as('admin')('POST', '/api/v1/approval-policies', {
        name: 'authors',
        environments: ['staging'],
        required_approvers: 1,
        separation_of_duties: { author: true },
      }),
    );
    world.at('2026-11-21T11:00:00.000Z');
    const { body } = await must(back(OLD));
    expect(body).toMatchObject({ waitingFor: 'approval' });
    expect(await world.as('alice')('POST', `/api/v1/promotions/${body.id}/approve`)).toMatchObject({
      status: 200,
      body: { approved_by: 'alice' },
    });
  });
});
