import { beforeEach, describe, expect, it } from 'vitest';
import { admin, stagedWorld } from './promotions-world.ts';

const RULES = '/api/v1/promotions/rules';
const waits = (value: number) => ({ field: 'tests.pass_rate', op: 'gte', value });
const rule = {
  ...{ name: 'on', source_environment: 'staging', target_environment: 'production', auto_promote: true },
  conditions: waits(95),
};
const newest = async () => (await admin('GET', '/api/v1/audit/changes?limit=1')).body.items[0];
const granted = (what: string) => expect.objectContaining({ environment: 'production', what, is: 'grants' });

/** Refused without a reason, and recorded by its class with one. */
async function grants(change: (members: object) => ReturnType<typeof admin>, what: string): Promise<void> {
  expect(await change({})).toMatchObject({ status: 400, body: { errors: [{ field: 'reason' }] } });
  const { status, body } = await change({ reason: 'as agreed' });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  expect((await newest()).weakens).toContainEqual(granted(what));
}

beforeEach(stagedWorld);

describe('a rule that promotes into a protected environment by itself', () => {
  it('is made, switched on, or waits for less, with a reason; and for more without one', async () => {
    await grants((said) => admin('POST', RULES, { ...rule, ...said }), 'rule_auto_promote');
    const at = `${RULES}/${(await admin('GET', RULES)).body.items[0].id}`;
    expect((await admin('PATCH', at, { conditions: waits(99) })).status).toBe(200);
    await grants((said) => admin('PATCH', at, { conditions: waits(50), ...said }), 'rule_conditions');
    await grants((said) => admin('PATCH', at, { conditions: null, ...said }), 'rule_conditions');
    expect((await admin('PATCH', at, { status: 'inactive' })).status).toBe(200);
    await grants((said) => admin('PATCH', at, { status: 'active', ...said }), 'rule_status');
    expect((await admin('PATCH', at, { auto_promote: false })).status).toBe(200);
    await grants((said) => admin('PATCH', at, { auto_promote: true, ...said }), 'rule_auto_promote');
  });

  it('is an unprotected one’s own matter', async () => {
    const free = { ...rule, source_environment: 'development', target_environment: 'staging' };
    expect((await admin('POST', RULES, free)).status).toBe(201);
  });

  it('makes who reports in its source one who decides: the role is given with a reason', async () => {
    const roles = [{ role: 'developer', environment: 'staging' }];
    expect((await admin('PATCH', '/api/v1/members/viewer', { roles })).status).toBe(200);
    await admin('PATCH', '/api/v1/members/viewer', { roles: [{ role: 'viewer' }] });
    await admin('POST', RULES, { ...rule, reason: 'as agreed' });
    expect((await admin('PATCH', '/api/v1/members/viewer', { roles })).status).toBe(400);
    expect((await admin('PATCH', '/api/v1/members/viewer', { roles, reason: 'a new one' })).status).toBe(200);
    const named = { environment: 'production', what: 'role:developer' };
    expect((await newest()).weakens).toContainEqual(expect.objectContaining(named));
  });
});
