import { beforeEach, describe, expect, it } from 'vitest';
import { ACME } from './api-world.ts';
import { admin, alice, bob, dev, path, requested, stagedWorld, world } from './promotions-world.ts';

const POLICIES = '/api/v1/approval-policies';
const impossible = {
  name: 'fifty of nobody',
  environments: ['production'],
  required_approvers: 50,
  groups: [{ group: 'security', min: 1 }],
};
const WARNINGS = [
  {
    environment: 'production',
    group: null,
    required: 50,
    available: 2,
    detail: 'production needs 50 approvals, which only 2 people can give',
  },
  {
    environment: 'production',
    group: 'security',
    required: 1,
    available: 0,
    detail: 'production needs 1 approval of the group security, which nobody can give',
  },
];

beforeEach(stagedWorld);

describe('a policy that nobody can meet', () => {
  it('is accepted with what is missing, and says so where it is read, until somebody can', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const made = await admin('POST', POLICIES, impossible, key);
    expect(made).toMatchObject({ status: 201, body: { warnings: WARNINGS } });
    expect(await admin('POST', POLICIES, impossible, key)).toMatchObject({ status: 201, body: made.body });
    const one = `${POLICIES}/${made.body.id}`;
    expect((await dev('GET', one)).body.warnings).toEqual(WARNINGS);
    expect((await dev('GET', POLICIES)).body.items[0].warnings).toBeUndefined();
    // What was observed is nothing that is written: GET, change, PUT works with it.
    const put = await admin('PUT', one, { ...made.body, required_approvers: 2, reason: 'few are here' });
    expect(put).toMatchObject({ status: 200, body: { required_approvers: 2, warnings: [WARNINGS[1]] } });
    await admin('PATCH', '/api/v1/members/bob', { groups: ['security'], reason: 'joins' });
    expect((await dev('GET', one)).body.warnings).toEqual([]);
  });

  it('counts people once, in their environments, and machines in a named group alone', async () => {
    await admin('PATCH', '/api/v1/members/bob', { email: 'Alice+2@acme.com', reason: 'one mailbox' });
    const two = { ...impossible, required_approvers: 2 };
    const { body } = await admin('POST', POLICIES, two);
    expect(body.warnings).toMatchObject([{ available: 1 }, { group: 'security' }]);
    const roles = [{ role: 'approver', environment: 'staging' }];
    const machine = { groups: ['security'], roles, reason: 'checks' };
    expect((await admin('PATCH', '/api/v1/principals/mach-ci', machine)).status).toBe(200);
    expect((await dev('GET', `${POLICIES}/${body.id}`)).body.warnings).toHaveLength(2);
    const here = [{ role: 'approver', environment: 'production' }];
    await admin('PATCH', '/api/v1/principals/mach-ci', { roles: here, reason: 'checks here' });
    expect((await dev('GET', `${POLICIES}/${body.id}`)).body.warnings).toEqual([]);
  });

  it('is told by each promotion that waits for it, on both APIs, and by no other', async () => {
    const free = await requested();
    expect((await dev('GET', `${path}/${free}`)).body.warnings).toEqual([]);
    await dev('DELETE', `${path}/${free}`);
    await admin('POST', POLICIES, impossible);
    const id = await requested();
    const { warnings } = (await dev('GET', `${path}/${id}`)).body;
    expect(warnings).toMatchObject([
      { required: 50, available: 2 },
      { group: 'security', available: 0 },
    ]);
    expect(warnings[0].detail).toBe('needs 50 approvals, which only 2 people can give');
    await alice('POST', `${path}/${id}/approve`);
    const waiting = (await dev('GET', `${path}/${id}`)).body;
    expect(waiting.warnings).toMatchObject([{ available: 2 }, {}]);
    expect(waiting.missing_groups).toEqual(['security']);
    expect((await dev('GET', `/api/v1/config/promotions/${id}`)).body.missingGroups).toEqual(['security']);
    await bob('POST', `${path}/${id}/reject`, { reason: 'never' });
    expect((await dev('GET', `${path}/${id}`)).body.warnings).toEqual([]);
    await dev('PUT', '/api/v1/config/environments/staging/configs/a', { value: 1 });
    const all = { sourceEnvironment: 'staging', targetEnvironment: 'production', promotionType: 'FULL' };
    const config = await dev('POST', '/api/v1/config/promotions', all);
    const shown = await dev('GET', `/api/v1/config/promotions/${config.body.id}`);
    expect(shown.body.warnings).toMatchObject([{ required: 50 }, { group: 'security' }]);
  });

  it('counts whoever separation of duties bars from this promotion as nobody', async () => {
    const roles = [{ role: 'developer' }, { role: 'approver' }];
    await admin('PATCH', '/api/v1/members/alice', { roles, reason: 'develops' });
    await admin('POST', POLICIES, { ...impossible, required_approvers: 2, groups: [] });
    const ask = { agent_id: 'agent-123', source_deployment_id: 'dep-456', target_gateway_id: 'gw-789' };
    const { body } = await alice('POST', path, { ...ask, target_environment: 'production' });
    expect((await alice('GET', `${path}/${body.id}`)).body.warnings).toMatchObject([
      { required: 2, available: 1 },
    ]);
    const member = await world.deps.directory.membership(ACME, 'bob');
    expect(member?.status).toBe('active');
  });
});
