import { beforeEach, describe, expect, it } from 'vitest';
import { T0 } from '../use-cases/deployments/world.ts';
import { deploymentsWorld, dev, recorder } from './deployments-world.ts';
import type { Answer, Signer } from './event.ts';

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

  it.each(['v1\n', '\nv1', 'a b', '../x', '.v1', '-v1', '', 'v1+build', 'ü', 'v'.repeat(129)])(
    'refuses the image tag %j, which no registry holds',
    async (imageTag) => {
      expect(await post({ ...given, id: 'uuid-1', imageTag })).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ field: 'imageTag' }] },
      });
    },
  );

  it.each(['v', '_v1', 'V1.2.3-rc_1', 'v'.repeat(128)])('takes the image tag %j', async (imageTag) => {
    expect(await post({ ...given, id: 'uuid-1', imageTag })).toMatchObject({
      status: 201,
      body: { imageTag },
    });
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
    expect(await patch({ status: 'PENDING' })).toMatchObject({ status: 409 });
    expect(await patch({ status: 'ROLLED_BACK' })).toMatchObject({ body: { status: 'ROLLED_BACK' } });
    expect(await patch({ status: 'FAILED' })).toMatchObject({ status: 409 });
    expect(await patch({})).toMatchObject({ status: 400 });
    expect(await patch({ status: 'DEPLOYED' }, { sub: 'eve' })).toMatchObject({ status: 403 });
  });

  it('has the times of its outcome as they were reported', async () => {
    const { completedAt: _, ...pending } = given;
    await post({ ...pending, id: 'uuid-1', status: 'PENDING' });
    const times = { completedAt: '2026-02-12T10:06:00.000Z', liveAt: '2026-02-12T10:07:00.000Z' };
    const outcome = { status: 'DEPLOYED', ...times };
    expect(await call('PATCH', '/api/v1/platform/deployments/uuid-1', outcome, recorder)).toMatchObject({
      status: 200,
      body: outcome,
    });
    expect((await call('GET', '/api/v1/platform/deployments/uuid-1')).body).toMatchObject(times);
  });

  it('gives way to the one before it when it fails after all, and to none where there is none', async () => {
    const current = '/api/v1/platform/deployments/current?environment=dev';
    await post({ ...given, id: 'uuid-1', imageTag: 'v2.0.0' });
    await post({ ...given, id: 'uuid-2' });
    await call('PATCH', '/api/v1/platform/deployments/uuid-2', { status: 'FAILED' }, recorder);
    expect((await call('GET', current)).body).toMatchObject({ id: 'uuid-1', resumedAt: T0 });
    await call('PATCH', '/api/v1/platform/deployments/uuid-1', { status: 'ROLLED_BACK' }, recorder);
    expect(await call('GET', current)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await post({ ...given, id: 'uuid-2' })).toMatchObject({ status: 201, body: { status: 'FAILED' } });
    await post({ ...given, id: 'uuid-3' });
    expect((await call('GET', current)).body).toMatchObject({ id: 'uuid-3' });
  });

  it('has a history beyond one page, by the Link header, of all or of one kind or agent', async () => {
    const at = (minute: number) => `2026-02-12T10:${String(minute).padStart(2, '0')}:00Z`;
    for (const n of [1, 2, 3, 4, 5])
      await post({ ...given, id: `uuid-${n}`, deployedAt: at(n), completedAt: at(n) });
    const agents = { agent_id: 'agent-1', environment: 'development', version: 'v1' };
    for (const n of [1, 2])
      await call('POST', '/api/v1/deployments', { ...agents, id: `dep-${n}`, deployed_at: at(10 + n) });
    const walk = async (query: string): Promise<string[][]> => {
      const pages: string[][] = [];
      let next: string | undefined = `/api/v1/platform/deployments/history?environment=dev&${query}`;
      while (next !== undefined) {
        const page: Answer = await call('GET', next);
        expect(page.status).toBe(200);
        pages.push(page.body.map(({ id }: { id: string }) => id));
        const link = page.headers['link'];
        next = typeof link === 'string' ? /^<(.+)>; rel="next"$/.exec(link)?.[1] : undefined;
      }
      return pages;
    };
    expect(await walk('limit=4')).toEqual([['uuid-5', 'uuid-4', 'uuid-3', 'uuid-2'], ['uuid-1']]);
    expect(await walk('limit=3&kind=all')).toEqual([
      ['dep-2', 'dep-1', 'uuid-5'],
      ['uuid-4', 'uuid-3', 'uuid-2'],
      ['uuid-1'],
    ]);
    expect(await walk('limit=2&kind=artifact')).toEqual([
      ['uuid-5', 'uuid-4'],
      ['uuid-3', 'uuid-2'],
      ['uuid-1'],
    ]);
    expect(await walk('kind=agent')).toEqual([['dep-2', 'dep-1']]);
    expect(await walk('limit=1&agentId=agent-1')).toEqual([['dep-2'], ['dep-1']]);
    expect(await walk('agentId=agent-2')).toEqual([[]]);
    expect(await walk('kind=artifact&agentId=agent-1')).toEqual([[]]);
    const first = await call('GET', '/api/v1/platform/deployments/history?environment=dev&limit=3');
    const cursor = new URLSearchParams(String(first.headers['link']).split('?')[1]?.split('>')[0]).get(
      'cursor',
    );
    const other = `/api/v1/platform/deployments/history?environment=staging&limit=3&cursor=${cursor}`;
    expect(await call('GET', other)).toMatchObject({ status: 400 });
    expect(await call('GET', '/api/v1/platform/deployments/history?environment=dev&kind=helm')).toMatchObject(
      { status: 400 },
    );
  });

  it('is found by its tag in every environment, and by its branch', async () => {
    await post({ ...given, id: 'uuid-1' });
    await post({
      ...given,
      id: 'uuid-2',
      environment: 'staging',
      deployedAt: '2026-02-13T10:00:00Z',
      completedAt: '2026-02-13T10:05:00Z',
    });
    await post({ ...given, id: 'uuid-3', imageTag: 'v3', gitBranch: 'main' });
    const by = async (path: string, signer?: Signer) => {
      const answer = await call('GET', `/api/v1/platform/deployments/${path}`, undefined, signer);
      return answer.status === 200 ? answer.body.map(({ id }: { id: string }) => id) : answer.status;
    };
    expect(await by('tag/v2.1.0-abc1234')).toEqual(['uuid-2', 'uuid-1']);
    expect(await by('tag/v9')).toBe(404);
    expect(await by('branch/feature/rolling')).toEqual(['uuid-2', 'uuid-1']);
    expect(await by('branch/main')).toEqual(['uuid-3']);
    expect(await by('branch/feature')).toEqual([]);
    const exists = async (tag: string) =>
      (await call('GET', `/api/v1/platform/deployments/tag/${tag}/exists`)).body;
    expect(await exists('v3')).toEqual({ imageTag: 'v3', exists: true });
    expect(await exists('v9')).toEqual({ imageTag: 'v9', exists: false });
    const first = await call('GET', '/api/v1/platform/deployments/branch/feature/rolling?limit=1');
    const link = String(first.headers['link']);
    expect(link).toContain('</api/v1/platform/deployments/branch/feature/rolling?limit=1&cursor=');
    expect((await call('GET', link.slice(1, link.indexOf('>')))).body).toMatchObject([{ id: 'uuid-1' }]);
  });

  it('shows no environment to those who may not read it, by tag and branch', async () => {
    await post({ ...given, id: 'uuid-1' });
    await post({ ...given, id: 'uuid-2', environment: 'staging' });
    await world.member('stan', [{ role: 'viewer', environment: 'staging' }]);
    for (const path of ['tag/v2.1.0-abc1234', 'branch/feature/rolling']) {
      const answer = await call('GET', `/api/v1/platform/deployments/${path}`, undefined, { sub: 'stan' });
      expect(answer.body).toMatchObject([{ id: 'uuid-2' }]);
    }
  });

  it('of production is recorded by the role recorder, whether something runs there or not', async () => {
    const production = { ...given, environment: 'prod' };
    await world.commit({
      write: 'machine',
      machine: {
        id: 'mach-prod',
        tenant: 'acme',
        account: '123456789012',
        role: 'prod',
        unique_id: 'AROAPROD',
        name: 'CI of production',
        owner: 'dev',
        grants: [{ role: 'recorder', environment: 'production' }],
        groups: [],
        version: 1,
        created_at: T0,
        updated_at: T0,
      },
      expected: 0,
    });
    const pipeline: Signer = { account: '123456789012', role: 'prod', unique: 'AROAPROD' };
    for (const id of ['uuid-1', 'uuid-2']) {
      expect(await post({ ...production, id }, pipeline)).toMatchObject({ status: 201 });
      const current = await call('GET', '/api/v1/platform/deployments/current?environment=prod');
      expect(current.body).toMatchObject({ id });
    }
    expect(await post({ ...given, id: 'uuid-3' }, pipeline)).toMatchObject({ status: 403 });
    expect(await post({ ...production, id: 'uuid-3' }, dev)).toMatchObject({
      status: 409,
      body: { code: 'protected' },
    });
  });

  it('says what it ships, and what became of it under the id it was begun with', async () => {
    const commits = [{ sha: 'abc1234', committedAt: '2026-02-10T10:00:00.000Z' }];
    const { completedAt: _, ...begun } = given;
    const pending = { ...begun, id: 'uuid-1', status: 'PENDING', commits, unplanned: true };
    expect(await post(pending)).toMatchObject({ status: 201, body: { commits, unplanned: true } });
    const done = await post({ ...given, id: 'uuid-1', notes: 'took a while' });
    expect(done).toMatchObject({ status: 201, body: { status: 'DEPLOYED', notes: 'took a while', commits } });
    expect(await post(pending)).toMatchObject({ status: 201, body: { status: 'DEPLOYED' } });
    expect(await post({ ...given, id: 'uuid-1', imageTag: 'v9' })).toMatchObject({ status: 409 });
    expect((await call('GET', '/api/v1/deployments/uuid-1')).body).toMatchObject({
      commits: [{ sha: 'abc1234', committed_at: '2026-02-10T10:00:00.000Z' }],
      unplanned: true,
    });
  });
});
