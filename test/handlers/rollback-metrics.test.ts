import { beforeEach, describe, expect, it } from 'vitest';
import { rollUpDeployments } from '../../functions/use-cases/deployments/roll-up.ts';
import { CI, createWorld, type World } from './api-world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
  await must('admin', 'PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
  await must('admin', 'POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
});

async function must(name: 'admin' | 'dev', method: string, path: string, body?: object) {
  const answer = await world.as(name)(method, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
async function pipeline(method: string, path: string, body: object) {
  const answer = await world.send({ method, path, signer: CI, body });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
}
const at = (time: string) => world.at(`2026-11-21T${time}.000Z`);

async function metrics(query: string) {
  world.at('2026-11-21T20:00:00.000Z');
  await rollUpDeployments(world.deps, { most: 1_000, milliseconds: 60_000 });
  const path = '/api/v1/platform/deployments/metrics?from=2026-11-21&to=2026-11-21&environment=staging';
  return (await must('dev', 'GET', `${path}&${query}`)).environments[0];
}

/** A promotion of the agent to its gateway in staging, executed: its deployment there, and how to roll it back. */
async function promoted(number: number) {
  const source = { id: `dep-${number}`, agent_id: 'agent-1', environment: 'development' };
  await must('dev', 'POST', '/api/v1/deployments', { ...source, gateway_id: 'gw-dev' });
  const { id } = await must('dev', 'POST', '/api/v1/promotions', {
    agent_id: 'agent-1',
    source_deployment_id: source.id,
    target_gateway_id: 'gw-1',
    target_environment: 'staging',
  });
  await world.run(id);
  const path = `/api/v1/promotions/${id}`;
  return { path, deployment: (await must('dev', 'GET', path)).target_deployment_id };
}

describe('a rollback of an agent on a gateway that only records', () => {
  it('ends the deployment that it takes off, in the record and in the metrics', async () => {
    at('10:00:00');
    await promoted(1);
    at('11:00:00');
    const { path, deployment } = await promoted(2);
    at('12:00:00');
    const { id } = await must('dev', 'POST', `${path}/rollback`, {
      reason: 'errors',
      acknowledge_risk: true,
    });
    at('12:05:00');
    await world.run(id);
    at('13:00:00');
    await promoted(3);
    expect(await must('dev', 'GET', `/api/v1/deployments/${deployment}`)).toMatchObject({
      status: 'ROLLED_BACK',
      failed_at: '2026-11-21T12:00:00.000Z',
      ended_at: '2026-11-21T12:05:00.000Z',
    });
    expect(await metrics('kind=agent')).toMatchObject({
      deployed: 3,
      rolledBack: 1,
      changeFailRate: { failures: 1, deployments: 4, rate: 1 / 4 },
      failedDeploymentRecoveryTime: { count: 1, medianSeconds: 300 },
    });
  });
});

describe('a rollback that a pipeline carries out', () => {
  it('is one recovery, from its request until it serves', async () => {
    const deployments = '/api/v1/platform/deployments';
    const record = (id: string, imageTag: string) =>
      pipeline('POST', deployments, { id, imageTag, environment: 'staging' });
    at('10:00:00');
    await record('dep-old', 'v1.0.0');
    at('11:00:00');
    await record('dep-new', 'v2.0.0');
    at('12:00:00');
    const asked = { environment: 'staging', reason: 'errors rise' };
    const { id } = await must('dev', 'POST', `${deployments}/tag/v1.0.0/rollback`, asked);
    await world.run(id);
    const { target_deployment_id: back } = await must('dev', 'GET', `/api/v1/promotions/${id}`);
    at('12:10:00');
    await pipeline('PATCH', `${deployments}/${back}`, { status: 'DEPLOYED' });
    at('17:10:00');
    await record('dep-newer', 'v3.0.0');
    expect(await metrics('kind=artifact')).toMatchObject({
      deployed: 3,
      rolledBack: 1,
      failedDeploymentRecoveryTime: { count: 1, medianSeconds: 600 },
    });
  });
});
