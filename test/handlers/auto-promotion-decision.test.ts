import { beforeEach, expect, it } from 'vitest';
import { autoPromote } from '../../functions/use-cases/auto-promotion/promote.ts';
import { ACME } from './api-world.ts';
import { admin, dev, path, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

it('the decision on an automatic promotion names its rule and facts, and is replayed without the rule', async () => {
  const { body: rule } = await admin('POST', '/api/v1/promotions/rules', {
    ...{ name: 'green', source_environment: 'staging', target_environment: 'production', auto_promote: true },
    conditions: { all: [{ field: 'tests.pass_rate', op: 'gte', value: 95 }] },
    reason: 'by itself',
  });
  const measured = { tests: { pass_rate: 99 } };
  expect((await dev('PUT', '/api/v1/deployments/dep-456/metrics', measured)).status).toBe(200);
  const [outcome] = await autoPromote(world.deps, { tenant: ACME, deployment_id: 'dep-456' });
  expect(outcome).toMatchObject({ result: 'created' });
  const id = outcome?.promotion_id ?? '';
  const removed = await admin('DELETE', `/api/v1/promotions/rules/${rule.id}?reason=over`);
  expect(removed.status).toBeLessThan(300);

  const decision = async () => (await dev('GET', `${path}/${id}/decision`)).body;
  const named = { id: rule.id, version: 1, met: true, inputs: expect.stringMatching(/^sha256:/) };
  expect(await decision()).toMatchObject({
    decision: { rule: named },
    rule: {
      ...{ id: rule.id, version: 1, conditions: { all: [{ field: 'tests.pass_rate' }] } },
      facts: [{ field: 'tests.pass_rate', value: 99, digest: expect.stringMatching(/^sha256:/) }],
    },
  });
  const replayed = await dev('POST', `${path}/${id}/decision/replay`);
  expect(replayed.body).toMatchObject({ same: true, decision: { rule: named } });
});

it('the decision on what a person asked for names no rule', async () => {
  const { body } = await dev('POST', path, {
    ...{ agent_id: 'agent-123', source_deployment_id: 'dep-456', target_gateway_id: 'gw-789' },
    target_environment: 'production',
  });
  const decision = await dev('GET', `${path}/${body.id}/decision`);
  expect(decision.status).toBe(200);
  expect(decision.body.rule).toBeUndefined();
  expect(decision.body.decision.rule).toBeUndefined();
});
