import { expect } from 'vitest';
import { createWorld, type World } from './api-world.ts';

export const JUNIT = '<testsuite><testcase name="a"/><testcase name="b"/></testsuite>';
export const BROKEN = '<testsuite><testcase name="a"><failure/></testcase></testsuite>';
const PROMOTIONS = '/api/v1/promotions';
export const EVIDENCE = '/api/v1/evidence';

export let world: World;

/** A new world: for `beforeEach`. */
export async function freshWorld(): Promise<void> {
  world = await createWorld();
}

export const as = (name: Parameters<World['as']>[0]) => world.as(name);

/** Staging asks agents for this gate and nobody for approval. */
export async function asking(gate: object = {}): Promise<void> {
  const gates = [{ name: 'tests', applies_to: ['agent'], ...gate }];
  const changed = await as('admin')('PATCH', '/api/v1/environments/staging', {
    gates,
    reason: 'the gates of this test',
  });
  expect(changed.status).toBe(200);
  await as('admin')('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
}

/** A promotion of an agent to staging, and the digest of what it promotes. */
export async function requested(agent = 'agent-1') {
  const deployment = { id: `dep-${agent}`, agent_id: agent, environment: 'development' };
  await as('dev')('POST', '/api/v1/deployments', { ...deployment, gateway_id: 'gw-dev' });
  const body = {
    agent_id: agent,
    source_deployment_id: deployment.id,
    target_gateway_id: 'gw-1',
    target_environment: 'staging',
  };
  const made = await as('dev')('POST', PROMOTIONS, body);
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { manifest } = (await as('dev')('GET', `${PROMOTIONS}/${made.body.id}/manifest`)).body;
  return { id: made.body.id, path: `${PROMOTIONS}/${made.body.id}`, subject: manifest.source.digest };
}

export const junit = (document = JUNIT, more: object = {}) => ({
  gate: 'tests',
  format: 'junit',
  document,
  ...more,
});
export const stateOf = async (path: string) => (await as('dev')('GET', path)).body;
