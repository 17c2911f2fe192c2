import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { isRefusal } from '../../../functions/domain/refusal.ts';
import {
  currentDeployment,
  listDeployments,
  readDeployment,
} from '../../../functions/use-cases/deployments/read.ts';
import { recordDeployment } from '../../../functions/use-cases/deployments/record.ts';
import type { DeploymentReport } from '../../../functions/use-cases/deployments/request.ts';
import { CI, createWorld, DEV, person, STORES, type World } from './world.ts';

const PLATFORM = { kind: 'artifact', name: 'platform' } as const;

describe.each(STORES)('reading deployments, on $name', ({ open }) => {
  let opened: Awaited<ReturnType<typeof open>>;
  let world: World;
  beforeEach(async () => {
    opened = await open();
    world = await createWorld(opened.stores);
  });
  afterEach(() => opened.stop());

  async function record(id: string, more: Partial<DeploymentReport> = {}): Promise<void> {
    const recorded = await recordDeployment(world.deps, {
      principal: CI,
      report: { id, subject: PLATFORM, environment: 'dev', status: 'DEPLOYED', details: {}, ...more },
    });
    if (isRefusal(recorded)) throw new Error(recorded.detail);
  }
  const list = async (
    query: { agent_id?: string; environment?: string; after?: string; limit?: number },
    principal: Principal = DEV,
  ) => {
    const { after, limit = 100, ...filter } = query;
    const page = await listDeployments(world.deps, {
      principal,
      ...filter,
      page: after === undefined ? { limit } : { limit, after },
    });
    if (isRefusal(page)) throw new Error(page.refused);
    return page;
  };
  const ids = (page: { items: readonly { id: string }[] }) => page.items.map(({ id }) => id);

  it('lists newest first by when a deployment began, however late it was reported', async () => {
    await record('dep-b', { deployed_at: '2026-02-12T10:00:00.000Z' });
    await record('dep-c', { deployed_at: '2026-02-13T10:00:00.000Z' });
    await record('dep-a', { deployed_at: '2026-02-11T14:00:00.000Z', status: 'ROLLED_BACK' });
    expect(ids(await list({ environment: 'development' }))).toEqual(['dep-c', 'dep-b', 'dep-a']);
    expect(ids(await list({ environment: 'dev' }))).toEqual(['dep-c', 'dep-b', 'dep-a']);
    expect(ids(await list({ environment: 'staging' }))).toEqual([]);
    const first = await list({ environment: 'dev', limit: 2 });
    expect(ids(first)).toEqual(['dep-c', 'dep-b']);
    if (first.next === undefined) throw new Error('there is more');
    expect(ids(await list({ environment: 'dev', limit: 2, after: first.next }))).toEqual(['dep-a']);
  });

  it('lists an agent’s deployments, in one environment or in all that the caller may read', async () => {
    const agent = { subject: { kind: 'agent', name: 'agent-1' } } as const;
    await record('dep-1', { ...agent, deployed_at: '2026-02-11T10:00:00.000Z' });
    await record('dep-2', { ...agent, environment: 'staging', deployed_at: '2026-02-12T10:00:00.000Z' });
    await record('dep-3', { subject: { kind: 'agent', name: 'agent-2' } });
    expect(ids(await list({ agent_id: 'agent-1' }))).toEqual(['dep-2', 'dep-1']);
    expect(ids(await list({ agent_id: 'agent-1', environment: 'stg' }))).toEqual(['dep-2']);
    const narrow: Principal = { ...person('n'), grants: [{ role: 'viewer', environment: 'development' }] };
    expect(ids(await list({ agent_id: 'agent-1' }, narrow))).toEqual(['dep-1']);
    await expect(list({ environment: 'staging' }, narrow)).rejects.toThrow('not_authorized');
    expect(await readDeployment(world.deps, { principal: narrow, id: 'dep-2' })).toMatchObject({
      refused: 'not_found',
    });
  });

  it('wants to know what to list, and knows its environments', async () => {
    await expect(list({})).rejects.toThrow('invalid_request');
    await expect(list({ environment: 'qa' })).rejects.toThrow('unknown_environment');
  });

  it('says what is current: what went live last, not what was tried last', async () => {
    const current = (environment = 'dev') =>
      currentDeployment(world.deps, { principal: DEV, subject: PLATFORM, environment });
    expect(await current()).toMatchObject({ refused: 'not_found' });
    await record('dep-1');
    await record('dep-2');
    await record('dep-3', { status: 'FAILED' });
    await record('dep-4', { status: 'PENDING' });
    await record('dep-5', { subject: { kind: 'agent', name: 'agent-1' } });
    expect(await current()).toMatchObject({ id: 'dep-2' });
    expect(await current('staging')).toMatchObject({ refused: 'not_found' });
    expect(await current('qa')).toMatchObject({ refused: 'unknown_environment' });
  });

  it('answers an unknown, a foreign and an impossible id alike', async () => {
    await record('dep-1');
    const read = (id: string, principal = DEV) => readDeployment(world.deps, { principal, id });
    expect(await read('dep-1')).toMatchObject({ id: 'dep-1' });
    for (const refusal of [
      await read('dep-2'),
      await read('dep-1', { ...DEV, tenant: 'globex' }),
      await read('../x'),
      await read('a#b'),
    ]) {
      expect(refusal).toMatchObject({ refused: 'not_found' });
    }
  });
});
