import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, CI } from './api-world.ts';
import { alice, as, dev, path, requested, stagedWorld, toProduction, world } from './promotions-world.ts';

const POLICY = {
  name: 'two eyes more',
  environments: ['production'],
  required_approvers: 2,
  groups: [],
  separation_of_duties: { requester: true },
};
const grants = ['admin', 'developer', 'promoter', 'approver'].map((role) => ({ role }) as never);
const root = as('admin');
/** The tenant's one admin, who may do everything else too. */
async function mighty(): Promise<void> {
  const member = await world.deps.directory.membership(ACME, 'admin');
  if (member === undefined) throw new Error('there is no admin');
  const { version } = member;
  await world.commit(ACME, {
    write: 'membership',
    membership: { ...member, grants, version: version + 1 },
    expected: version,
  });
}
const newest = async () => (await as('admin')('GET', '/api/v1/audit/changes?limit=1')).body.items[0];
const GOVERNOR = { status: 403, body: { code: 'governor' } };

beforeEach(async () => {
  await stagedWorld();
  await mighty();
});

describe('an admin alone', () => {
  it('cannot weaken a policy, approve, execute and restore it', async () => {
    const { id: policy } = (await root('POST', '/api/v1/approval-policies', POLICY)).body;
    expect((await newest()).weakens).toEqual([]);
    const id = await requested();
    const lowered = await root('PATCH', `/api/v1/approval-policies/${policy}`, {
      ...{ required_approvers: 1, reason: 'few are here' },
    });
    expect(lowered.status).toBe(200);
    const entry = await newest();
    expect(entry).toMatchObject({ actor: { subject: 'admin' }, target: { type: 'policy', id: policy } });
    expect(entry.weakens).toMatchObject([{ environment: 'production', what: 'required_approvers' }]);
    await dev('POST', `${path}/${id}/validate`);
    expect(await root('POST', `${path}/${id}/approve`)).toMatchObject(GOVERNOR);
    const { people } = (await dev('GET', `${path}/${id}/approvals`)).body;
    expect(people).toContainEqual(
      expect.objectContaining({ subject: 'admin', eligible: false, why: 'governor' }),
    );
    const waiting = async (who: typeof root) => (await who('GET', `${path}?waiting_for=me`)).body.items;
    expect([await waiting(root), await waiting(alice)]).toMatchObject([[], [{ id }]]);
    expect((await dev('GET', `${path}/${id}/decision`)).body.governance_changes).toMatchObject([
      { seq: entry.seq, by: [{ subject: 'admin' }], weakens: ['required_approvers'] },
    ]);
    expect((await alice('POST', `${path}/${id}/approve`)).status).toBe(200);
    expect(await root('POST', `${path}/${id}/execute`)).toMatchObject(GOVERNOR);
    expect((await dev('POST', `${path}/${id}/execute`)).status).toBe(202);
    expect(await world.run(id)).toMatchObject({ status: 'completed' });
    await root('PATCH', `/api/v1/approval-policies/${policy}`, { required_approvers: 2 });
    expect((await newest()).weakens).toEqual([]);
  });

  it('cannot let a machine ask under another owner, approve that, and set the owner back', async () => {
    await root('PATCH', '/api/v1/principals/mach-ci', {
      ...{ owner: 'admin', roles: [{ role: 'developer' }], reason: 'mine' },
    });
    await root('PATCH', '/api/v1/principals/mach-ci', { owner: 'bob', reason: 'his' });
    const exchanged = await newest();
    expect(exchanged).toMatchObject({ target: { type: 'machine', id: 'mach-ci' } });
    expect(exchanged.weakens).toContainEqual({
      environment: 'production',
      what: 'machine_owner',
      kinds: ['config', 'artifact', 'agent'],
    });
    expect(exchanged.values).toMatchObject({ before: { owner: 'admin' }, after: { owner: 'bob' } });
    const made = await world.send({ method: 'POST', path, signer: CI, body: toProduction });
    expect(made.status).toBe(201);
    expect(await root('POST', `${path}/${made.body.id}/approve`)).toMatchObject(GOVERNOR);
  });

  it('cannot give somebody a role, or take off a gate or a lock, and decide on what is open', async () => {
    for (const weaken of [
      () => root('PATCH', '/api/v1/members/viewer', { roles: [{ role: 'approver' }], reason: 'one more' }),
      () => root('PATCH', '/api/v1/environments/production', { protected: false, reason: 'a drill' }),
      () => root('POST', '/api/v1/environments/production/unlock', { reason: 'over' }),
    ]) {
      await stagedWorld();
      await mighty();
      await as('admin')('POST', '/api/v1/environments/production/lock', { reason: 'incident' });
      const id = await requested();
      const answer = await weaken();
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      expect((await newest()).weakens).not.toEqual([]);
      expect(await root('POST', `${path}/${id}/approve`)).toMatchObject(GOVERNOR);
    }
  });
});
