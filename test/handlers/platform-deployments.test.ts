import { beforeEach, describe, expect, it } from 'vitest';
import { T0 } from '../use-cases/deployments/world.ts';
import { deploymentsWorld, recorder } from './deployments-world.ts';
import type { Signer } from './event.ts';

let world: Awaited<ReturnType<typeof deploymentsWorld>>;
const call: typeof world.call = (...given) => world.call(...given);

beforeEach(async () => {
  world = await deploymentsWorld();
});

describe('a platform deployment', () => {
  const given = {
    imageTag: 'v2.1.0-abc1234',
    gitCommit: 'abc1234',
    gitBranch: 'feature/rolling',
    environment: 'dev',
    status: 'DEPLOYED',
    deployedAt: '2026-02-12T10:00:00Z',
    completedAt: '2026-02-12T10:05:00Z',
    acrRegistry: 'matih.azurecr.io',
    helmChartVersion: '1.4.0',
    initiatedBy: 'github-actions',
    serviceVersions: { 'ai-service': '2.1.0' },
    notes: 'rolling',
  };
  const post = (body: object, signer: Signer = recorder) =>
    call('POST', '/api/v1/platform/deployments', body, signer);

  it('is recorded as the pipeline tells it, and answers the environment as it was given', async () => {
    const recorded = await post({ ...given, id: 'uuid-1' });
    expect(recorded).toMatchObject({
      status: 201,
      headers: { location: '/api/v1/platform/deployments/uuid-1' },
      body: {
        ...given,
        id: 'uuid-1',
        deployedAt: '2026-02-12T10:00:00.000Z',
        completedAt: '2026-02-12T10:05:00.000Z',
        liveAt: T0,
        kind: 'artifact',
        agentId: null,
      },
    });
    expect((await call('GET', '/api/v1/platform/deployments/uuid-1')).body).toEqual(recorded.body);
    expect((await call('GET', '/api/v1/deployments/uuid-1')).body).toMatchObject({
      environment: 'development',
      agent_id: null,
      version: 'v2.1.0-abc1234',
    });
  });

  it('has the history of the document: a plain array, newest first, and a current one', async () => {
    await post({ ...given, id: 'uuid-1' });
    const older = { imageTag: 'v2.0.0-def5678', gitCommit: 'def5678', gitBranch: 'main', environment: 'dev' };
    const times = { deployedAt: '2026-02-11T14:00:00Z', completedAt: '2026-02-11T14:08:00Z' };
    await post({ ...older, ...times, id: 'uuid-2', status: 'ROLLED_BACK' });
    const history = await call('GET', '/api/v1/platform/deployments/history?environment=dev&limit=10');
    expect(history.body).toMatchObject([
      { id: 'uuid-1', imageTag: 'v2.1.0-abc1234', environment: 'dev', status: 'DEPLOYED' },
      { id: 'uuid-2', imageTag: 'v2.0.0-def5678', environment: 'dev', status: 'ROLLED_BACK' },
    ]);
    const named = await call('GET', '/api/v1/platform/deployments/history?environment=development&limit=1');
    expect(named.body).toMatchObject([{ id: 'uuid-1', environment: 'development' }]);
    const current = await call('GET', '/api/v1/platform/deployments/current?environment=dev');
    expect(current.body).toMatchObject({ id: 'uuid-1', environment: 'dev' });
    const none = await call('GET', '/api/v1/platform/deployments/current?environment=prod');
    expect(none).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await call('GET', '/api/v1/platform/deployments/history')).status).toBe(400);
    expect((await call('GET', '/api/v1/platform/deployments/history?environment=dev&limit=0')).status).toBe(
      400,
    );
    expect((await call('GET', '/api/v1/platform/deployments/history?environment=qa')).status).toBe(404);
  });

  it('goes from PENDING to its outcome, and may be rolled back', async () => {
    const patch = (body: object, signer: Signer = recorder) =>
      call('PATCH', '/api/v1/platform/deployments/uuid-1', body, signer);
    const { completedAt: _, ...pending } = given;
    await post({ ...pending, id: 'uuid-1', status: 'PENDING' });
    const current = '/api/v1/platform/deployments/current?environment=dev';
    expect((await call('GET', current)).status).toBe(404);
    expect(await patch({ status: 'ROLLED_BACK' })).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
    expect(await patch({ status: 'DEPLOYED', notes: 'done' })).toMatchObject({
      status: 200,
      body: { status: 'DEPLOYED', liveAt: T0, completedAt: T0, notes: 'done', environment: 'dev' },
    });
    expect((await call('GET', current)).body.id).toBe('uuid-1');
    expect(await patch({ status: 'DEPLOYED' })).toMatchObject({ status: 200 });
    expect(await patch({ status: 'FAILED' })).toMatchObject({ status: 409 });
    expect(await patch({ status: 'ROLLED_BACK' })).toMatchObject({ body: { status: 'ROLLED_BACK' } });
    expect(await patch({})).toMatchObject({ status: 400 });
    expect(await patch({ status: 'DEPLOYED' }, { sub: 'eve' })).toMatchObject({ status: 403 });
  });
});
