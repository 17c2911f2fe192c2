import { beforeEach, describe, expect, it } from 'vitest';
import { as, BROKEN, freshWorld, junit, requested, stateOf } from './evidence-world.ts';

beforeEach(freshWorld);

const STAGING = '/api/v1/environments/staging';

describe('a gate that an admin names without saying for which kinds', () => {
  it.each([[{ tests: true }], [[{ name: 'tests' }]]])('concerns agents too: %j', async (gates) => {
    expect((await as('admin')('PATCH', STAGING, { gates, reason: 'one gate' })).status).toBe(200);
    await as('admin')('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
    const { path } = await requested();
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', reason_code: 'evidence_missing' });
    await as('dev')('POST', `${path}/evidence`, junit(BROKEN));
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', blocked_by: ['tests'] });
  });

  it('leaves the built-in defaults as they are: agents and configs need policy alone', async () => {
    const { gates, requirements } = (await as('admin')('GET', STAGING)).body;
    expect(gates).toContainEqual({ name: 'tests', mode: 'block', applies_to: ['artifact'] });
    const open = 'needs an approval only where a rule or an approval policy asks for it';
    expect(requirements).toEqual({
      agent: `must pass policy_compliance; ${open}`,
      config: `must pass policy_compliance; ${open}`,
      artifact: `must pass policy_compliance, tests, security_scan, signature; ${open}`,
    });
  });

  it('is told in words where an environment is protected and has gates that advise', async () => {
    const gates = [{ name: 'tests', applies_to: ['agent'] }, { name: 'cost_analysis' }];
    const { requirements } = (
      await as('admin')('PATCH', STAGING, { gates, protected: true, reason: 'other gates' })
    ).body;
    expect(requirements).toEqual({
      agent: 'must pass policy_compliance, tests; is warned by cost_analysis; needs at least one approval',
      config: 'must pass policy_compliance; is warned by cost_analysis; needs at least one approval',
      artifact: 'must pass policy_compliance; is warned by cost_analysis; needs at least one approval',
    });
  });
});
