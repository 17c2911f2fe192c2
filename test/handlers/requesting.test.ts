import { beforeEach, describe, expect, it } from 'vitest';
import type { Grant } from '../../functions/domain/identity/principal.ts';
import { createPromotion } from '../../functions/use-cases/promotions/create.ts';
import { ACME, createWorld, START, type World } from './api-world.ts';

const AGENTS = '/api/v1/promotions';
const CONFIGS = '/api/v1/config/promotions';
const environment = (name: string) => `/api/v1/config/environments/${name}`;

let world: World;
const call = (sub: string, method: string, path: string, body?: unknown) =>
  world.send({ method, path, signer: { sub }, ...(body === undefined ? {} : { body }) });

async function member(subject: string, ...grants: Grant[]): Promise<void> {
  const membership = {
    tenant: ACME,
    subject,
    user_id: subject,
    email: `${subject}@acme.com`,
    groups: [],
    grants,
    status: 'active',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  await world.commit(ACME, { write: 'membership', membership, expected: 0 });
}

const edited = async (sub: string, name: string, key: string, value: unknown): Promise<void> => {
  const answer = await call(sub, 'PUT', `${environment(name)}/configs/${key}`, { value, reason: 'test' });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
};
const asks = (sub: string, more: object = {}) =>
  call(sub, 'POST', CONFIGS, {
    sourceEnvironment: 'staging',
    targetEnvironment: 'production',
    promotionType: 'FULL',
    ...more,
  });
async function requested(sub: string, more: object = {}): Promise<string> {
  const answer = await asks(sub, more);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return answer.body.id;
}
async function completed(id: string): Promise<void> {
  await call('alice', 'POST', `${CONFIGS}/${id}/approve`);
  await call('dev', 'POST', `${CONFIGS}/${id}/execute`);
  await world.run(id);
  expect((await call('dev', 'GET', `${CONFIGS}/${id}`)).body.status).toBe('completed');
}

beforeEach(async () => {
  world = await createWorld();
  await member('erin', { role: 'developer' }, { role: 'promoter' }, { role: 'approver' });
  await member('frank', { role: 'developer' }, { role: 'approver' });
  await edited('dev', 'staging', 'limit', 1);
});

describe('who counts as requester', () => {
  it('is also whoever takes other content into a promotion that somebody else requested', async () => {
    const id = await requested('dev');
    await edited('erin', 'staging', 'limit', 1_000_000);
    expect((await call('erin', 'POST', `${CONFIGS}/${id}/validate`, { refresh: true })).status).toBe(200);
    const refused = { status: 403, body: { code: 'separation_of_duties', relation: 'requester' } };
    expect(await call('erin', 'POST', `${CONFIGS}/${id}/approve`)).toMatchObject(refused);
    expect(await call('frank', 'POST', `${CONFIGS}/${id}/approve`)).toMatchObject({ status: 200 });
  });

  it('is nobody else where the content stays the same', async () => {
    const id = await requested('dev');
    expect((await call('erin', 'POST', `${CONFIGS}/${id}/validate`, { refresh: true })).status).toBe(200);
    expect(await call('erin', 'POST', `${CONFIGS}/${id}/approve`)).toMatchObject({ status: 200 });
  });

  it('is the requester of a failed promotion too, when another person tries it again', async () => {
    for (const name of ['staging', 'production']) {
      await call('admin', 'POST', '/api/v1/gateways', { id: `gw-${name}`, environment: name });
    }
    await call('dev', 'POST', '/api/v1/deployments', {
      id: 'dep-1',
      agent_id: 'agent-123',
      gateway_id: 'gw-staging',
      environment: 'staging',
    });
    const first = await call('frank', 'POST', AGENTS, {
      agent_id: 'agent-123',
      source_deployment_id: 'dep-1',
      target_gateway_id: 'gw-production',
      target_environment: 'production',
      execution: 'automatic',
    });
    await call('alice', 'POST', `${AGENTS}/${first.body.id}/approve`);
    await call('admin', 'DELETE', '/api/v1/gateways/gw-production?reason=gone');
    await world.run(first.body.id);
    await call('admin', 'POST', '/api/v1/gateways', { id: 'gw-production', environment: 'production' });
    const again = await call('erin', 'POST', `${AGENTS}/${first.body.id}/retry`);
    expect(again, JSON.stringify(again.body)).toMatchObject({ status: 201, body: { created_by: 'erin' } });
    expect(await call('frank', 'POST', `${AGENTS}/${again.body.id}/approve`)).toMatchObject({
      status: 403,
      body: { relation: 'requester' },
    });
    expect(await call('alice', 'POST', `${AGENTS}/${again.body.id}/approve`)).toMatchObject({ status: 200 });
  });
});

describe('roles of one environment', () => {
  beforeEach(async () => {
    await member('greta', { role: 'developer', environment: 'production' });
    await member('henry', { role: 'viewer', environment: 'production' });
    await member('ina', { role: 'approver', environment: 'production' });
  });

  it('request nothing from a source that they do not read, and learn nothing of it', async () => {
    await edited('dev', 'staging', 'db.host', 'staging-only');
    for (const more of [{}, { sourceEnvironment: undefined }]) {
      const answer = await asks('greta', more);
      expect(answer).toMatchObject({ status: 403, body: { code: 'not_authorized' } });
      expect(JSON.stringify(answer.body)).not.toContain('staging-only');
    }
    expect((await call('greta', 'POST', `${CONFIGS}?dry_run=true`, (await body()) as object)).status).toBe(
      403,
    );
    const id = await requested('dev');
    expect(await call('greta', 'POST', `${CONFIGS}/${id}/validate`, { refresh: true })).toMatchObject({
      status: 403,
      body: { code: 'not_authorized' },
    });
  });

  const body = async () => ({
    sourceEnvironment: 'staging',
    targetEnvironment: 'production',
    promotionType: 'FULL',
  });

  it('do not find a deployment of another environment by requesting it', async () => {
    await call('dev', 'POST', '/api/v1/deployments', {
      id: 'dep-1',
      agent_id: 'agent-123',
      environment: 'staging',
    });
    const of = (source_deployment_id: string) =>
      call('greta', 'POST', AGENTS, {
        agent_id: 'agent-123',
        source_deployment_id,
        target_gateway_id: 'gw-production',
        target_environment: 'production',
      });
    const [hidden, missing] = [await of('dep-1'), await of('dep-2')];
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(hidden.body.detail).toBe(missing.body.detail.replace('dep-2', 'dep-1'));
  });

  it('see the changes of an open promotion only if they decide on it, and of a completed one always', async () => {
    const id = await requested('dev');
    for (const path of [`${CONFIGS}/${id}/changes`, `${AGENTS}/${id}/changes`, `${AGENTS}/${id}/impact`]) {
      expect(await call('henry', 'GET', path)).toMatchObject({ status: 403 });
      expect(await call('ina', 'GET', path)).toMatchObject({ status: 200 });
    }
    await completed(id);
    expect(await call('henry', 'GET', `${CONFIGS}/${id}/changes`)).toMatchObject({ status: 200 });
  });

  it('read nothing elsewhere by a cursor, be it made up or somebody else’s', async () => {
    for (const name of ['staging', 'production']) {
      for (const key of ['a', 'b', 'c']) await edited(name === 'staging' ? 'dev' : 'admin', name, key, name);
    }
    const pageOf = (sub: string, name: string, cursor: string) =>
      call(sub, 'GET', `${environment(name)}/snapshot?limit=1${cursor}`);
    const [staging, production] = [
      (await pageOf('dev', 'staging', '')).body,
      (await pageOf('henry', 'production', '')).body,
    ];
    const own = Buffer.from(production.nextCursor, 'base64url');
    const forged = Buffer.from(own.toString('latin1').replace(production.root, staging.root), 'latin1');
    expect(forged.equals(own)).toBe(false);
    const made = forged.toString('base64url');
    for (const [cursor, status] of [
      [made, 400],
      [staging.nextCursor, 400],
      [production.nextCursor, 200],
    ]) {
      expect((await pageOf('henry', 'production', `&cursor=${cursor}`)).status).toBe(status);
    }
    expect((await pageOf('henry', 'staging', `&cursor=${staging.nextCursor}`)).status).toBe(403);
  });

  it('do not learn from retry whether there is a promotion elsewhere', async () => {
    await edited('dev', 'development', 'limit', 2);
    const id = await requested('dev', { sourceEnvironment: 'development', targetEnvironment: 'staging' });
    const [hidden, missing] = [
      await call('greta', 'POST', `${AGENTS}/${id}/retry`),
      await call('greta', 'POST', `${AGENTS}/prom-none/retry`),
    ];
    expect([hidden.status, missing.status]).toEqual([404, 404]);
    expect(hidden.body.detail).toBe(missing.body.detail.replace('prom-none', id));
  });
});

describe('a config promotion', () => {
  it('names no deployment in either view', async () => {
    const id = await requested('dev');
    await completed(id);
    expect((await call('dev', 'GET', `${AGENTS}/${id}`)).body.target_deployment_id).toBeNull();
    expect((await call('dev', 'GET', `${CONFIGS}/${id}`)).body.targetDeploymentId).toBeNull();
  });
});

describe('superseding', () => {
  it('cancels nothing that the requester could not cancel alone', async () => {
    const older = await requested('dev');
    await call('alice', 'POST', `${CONFIGS}/${older}/approve`);
    await edited('frank', 'staging', 'limit', 3);
    const refused = { status: 403, body: { code: 'not_authorized', promotionId: older } };
    expect(await asks('frank', { supersede: true })).toMatchObject(refused);
    expect((await call('dev', 'GET', `${CONFIGS}/${older}`)).body.status).toBe('approved');
    expect(await asks('dev', { supersede: true })).toMatchObject({ status: 201 });
    expect((await call('dev', 'GET', `${CONFIGS}/${older}`)).body.status).toBe('cancelled');
  });

  it('leaves rollbacks alone, whoever asks', async () => {
    const id = await requested('dev');
    await completed(id);
    const back = await call('dev', 'POST', `${CONFIGS}/${id}/rollback`, { acknowledgeRisk: true });
    expect(back, JSON.stringify(back.body)).toMatchObject({ status: 201 });
    await edited('dev', 'staging', 'limit', 3);
    expect(await asks('dev', { supersede: true })).toMatchObject({ status: 201 });
    expect((await call('dev', 'GET', `${CONFIGS}/${back.body.id}`)).body.status).toBe('pending');
  });
});

describe('retrying a failed rollback', () => {
  it('asks for its risk and its approvals again', async () => {
    await edited('admin', 'production', 'limit', 'a text that becomes a number');
    const id = await requested('dev');
    await completed(id);
    const back = await call('dev', 'POST', `${CONFIGS}/${id}/rollback`, {
      mode: 'revert',
      acknowledgeRisk: true,
    });
    await call('alice', 'POST', `${CONFIGS}/${back.body.id}/approve`);
    await call('dev', 'POST', `${CONFIGS}/${back.body.id}/execute`);
    await edited('admin', 'production', 'limit', 7);
    await world.run(back.body.id);
    expect((await call('dev', 'GET', `${CONFIGS}/${back.body.id}`)).body.status).toBe('failed');
    await edited('admin', 'production', 'limit', 1);
    const retried = (sub: string, body: object = {}) =>
      call(sub, 'POST', `${AGENTS}/${back.body.id}/retry`, body);
    expect(await retried('dev')).toMatchObject({ status: 409, body: { code: 'risk_not_acknowledged' } });
    expect(await retried('frank', { acknowledge_risk: true })).toMatchObject({ status: 403 });
    expect(await retried('dev', { acknowledge_risk: true })).toMatchObject({
      status: 201,
      body: { type: 'rollback', status: 'pending', waiting_for: 'approval' },
    });
  });
});

describe('a hold that a person has set', () => {
  it('is lifted once what a person asked for is there, and not by asking or by a machine', async () => {
    const id = await requested('dev');
    await call('alice', 'POST', `${CONFIGS}/${id}/reject`, { reason: 'no' });
    const held = () => world.deps.promotions.onHold(ACME, { kind: 'config', name: 'config' }, 'production');
    expect(await held()).toBeDefined();
    const created = await createPromotion(world.deps, {
      actor: { subject: 'mach-1', email: '', kind: 'machine', owner: 'dev' },
      tenant: ACME,
      request: {
        kind: 'config',
        selects: 'FULL',
        config_ids: [],
        flag_ids: [],
        key_patterns: [],
        prune: false,
        target_environment: 'production',
      },
    });
    expect(created).toMatchObject({ created: true });
    expect(await held()).toBeDefined();
    const again = await requested('dev', { supersede: true });
    expect(await held()).toBeDefined();
    await call('dev', 'DELETE', `${CONFIGS}/${again}`);
    expect(await held()).toBeDefined();
    await completed(await requested('dev'));
    expect(await held()).toBeUndefined();
  });
});
