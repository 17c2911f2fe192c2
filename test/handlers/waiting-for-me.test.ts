import { beforeEach, describe, expect, it } from 'vitest';
import { ACME } from './api-world.ts';
import {
  admin,
  alice,
  bob,
  dev,
  path,
  recorded,
  requested,
  stagedWorld,
  toProduction,
  world,
} from './promotions-world.ts';

beforeEach(stagedWorld);

async function changedGrants(subject: string, roles: readonly string[]) {
  const stored = await world.deps.directory.membership(ACME, subject);
  if (stored === undefined) throw new Error(`${subject} is no member`);
  const grants = roles.map((role) => ({ role }) as never);
  return { membership: { ...stored, grants, version: stored.version + 1 }, expected: stored.version };
}

/** The ids that `GET /promotions` answers with a query. */
async function listed(who: typeof dev, query: string): Promise<string[]> {
  const answer = await who('GET', `${path}?${query}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.items.map(({ id }: { id: string }) => id);
}

describe('waiting_for=me', () => {
  it('lists an approval for approvers until it is given, then the execution for promoters', async () => {
    const id = await requested({ execution: 'manual' });
    expect(await listed(alice, 'waiting_for=me')).toEqual([id]);
    expect(await listed(bob, 'waiting_for=me')).toEqual([id]);
    // The requester may not approve.
    expect(await listed(dev, 'waiting_for=me')).toEqual([]);
    expect(await alice('POST', `${path}/${id}/approve`, {})).toMatchObject({ body: { status: 'approved' } });
    expect(await listed(dev, 'waiting_for=me')).toEqual([id]);
    await dev('POST', `${path}/${id}/execute`, {});
    expect(await listed(dev, 'waiting_for=me')).toEqual([]);
    expect(await listed(alice, 'waiting_for=me')).toEqual([]);
  });

  it('lists changes that were asked for to the requester alone', async () => {
    const id = await requested();
    await alice('POST', `${path}/${id}/request-changes`, { reason: 'not yet' });
    expect(await listed(dev, 'waiting_for=me')).toEqual([id]);
    expect(await listed(alice, 'waiting_for=me')).toEqual([]);
    await dev('POST', `${path}/${id}/resubmit`, {});
    expect(await listed(alice, 'waiting_for=me')).toEqual([id]);
  });

  it('asks once for an environment what weakened it, and holds it against the promotions that it concerns', async () => {
    const roles = ['admin', 'developer', 'promoter', 'approver'];
    await world.commit(ACME, { write: 'membership', ...(await changedGrants('admin', roles)) });
    const policy = {
      name: 'two',
      environments: ['production'],
      required_approvers: 2,
      groups: [],
      separation_of_duties: { requester: true },
    };
    const { id: made } = (await admin('POST', '/api/v1/approval-policies', policy)).body;
    const before = await requested();
    const lowered = { required_approvers: 1, reason: 'few are here' };
    expect(await admin('PATCH', `/api/v1/approval-policies/${made}`, lowered)).toMatchObject({ status: 200 });
    world.at('2026-11-23T10:00:00.000Z');
    await recorded('dep-457', 'staging', 'agent-124');
    const other = { ...toProduction, agent_id: 'agent-124', source_deployment_id: 'dep-457' };
    const after = (await admin('POST', path, { ...other, execution: 'manual' })).body.id;
    let asked = 0;
    const { weakened } = world.deps.changes;
    world.deps.changes.weakened = async (...given) => {
      asked += 1;
      return await weakened(...given);
    };
    expect(await listed(alice, 'waiting_for=me')).toEqual([after, before]);
    expect(asked).toBe(1);
    // Who weakened it while the older one was open decides nothing on that one, and two days later executes their own.
    expect(await alice('POST', `${path}/${after}/approve`)).toMatchObject({ body: { status: 'approved' } });
    expect(await listed(admin, 'waiting_for=me')).toEqual([after]);
  });

  it('leaves out what is closed or has expired', async () => {
    const id = await requested();
    world.at('2027-11-21T09:00:00.000Z');
    expect(await listed(alice, 'waiting_for=me')).toEqual([]);
    world.at('2026-11-21T10:00:00.000Z');
    await alice('POST', `${path}/${id}/reject`, { reason: 'no' });
    expect(await listed(alice, 'waiting_for=me')).toEqual([]);
  });

  it('is narrowed by the other filters', async () => {
    const id = await requested();
    expect(await listed(alice, 'waiting_for=me&target_environment=production')).toEqual([id]);
    expect(await listed(alice, 'waiting_for=me&target_environment=staging')).toEqual([]);
    expect(await listed(alice, 'waiting_for=me&status=approved')).toEqual([]);
    expect(await listed(alice, 'waiting_for=me&status=completed')).toEqual([]);
    expect(await admin('GET', `${path}?waiting_for=alice`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'waiting_for' }] },
    });
  });
});

describe('filters of the list', () => {
  it('leave out what the caller may not read before a page is filled', async () => {
    const alices = await world.deps.directory.membership(ACME, 'alice');
    if (alices === undefined) throw new Error('alice is no member');
    const grants = [{ role: 'viewer', environment: 'staging' }] as const;
    const membership = { ...alices, grants, version: alices.version + 1 };
    await world.commit(ACME, { write: 'membership', membership, expected: alices.version });
    await recorded('dep-dev', 'development', 'agent-dev');
    const seen = { agent_id: 'agent-dev', source_deployment_id: 'dep-dev', target_environment: 'staging' };
    const { id } = (await dev('POST', path, { ...seen, target_gateway_id: 'gw-staging' })).body;
    world.at('2026-11-21T09:30:00.000Z');
    await requested();
    expect(await listed(alice, 'limit=1')).toEqual([id]);
    expect((await alice('GET', '/api/v1/overview')).body.promotions).toMatchObject([{ id }]);
  });

  it('take several statuses in any letter case, the source, the requester, and dates', async () => {
    const first = await requested();
    world.at('2026-11-21T09:30:00.000Z');
    await recorded('dep-other', 'staging', 'agent-other');
    const second = await requested({ agent_id: 'agent-other', source_deployment_id: 'dep-other' });
    await alice('POST', `${path}/${first}/reject`, { reason: 'no' });
    expect(await listed(dev, 'status=PENDING,Rejected')).toEqual([second, first]);
    expect(await listed(dev, 'status=rejected')).toEqual([first]);
    expect(await listed(dev, 'status=pending,blocked,approved')).toEqual([second]);
    expect(await listed(dev, 'source_environment=stg')).toEqual([second, first]);
    expect(await listed(dev, 'source_environment=development')).toEqual([]);
    expect(await listed(dev, 'requester=DEV@acme.com')).toEqual([second, first]);
    expect(await listed(dev, 'requester=alice')).toEqual([]);
    expect(await listed(dev, 'from=2026-11-21T10:30:00%2B01:00')).toEqual([second]);
    expect(await listed(dev, 'to=2026-11-21T09:30:00Z')).toEqual([first]);
    expect(await dev('GET', `${path}?source_environment=moon`)).toMatchObject({ status: 404 });
    expect(await dev('GET', `${path}?status=pending,lost`)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'status' }] },
    });
  });
});
