import { beforeEach, expect } from 'vitest';
import type { StoredEvent } from '../../functions/domain/promotion/events.ts';
import { type SweepDeps, sweep } from '../../functions/use-cases/workflow/sweep.ts';
import { as, freshWorld, stateOf, world } from './evidence-world.ts';

export const PROMOTIONS = '/api/v1/promotions';
export const STAGING = '/api/v1/environments/staging';
export const BOUNDS = { most: 100, atOnce: 4, milliseconds: 60_000 };
export const START = '2026-11-21T10:00:00.000Z';
export const minutes = (n: number, seconds = 0) =>
  new Date(Date.parse(START) + n * 60_000 + seconds * 1000).toISOString();

export const swept = async (deps: SweepDeps = world.deps) => {
  const { faults } = await sweep(deps, BOUNDS);
  expect(faults).toEqual([]);
};
export const smoke = (passed: boolean, more: object = {}) => ({
  gate: 'smoke',
  format: 'json',
  document: { passed },
  ...more,
});

/** A promotion of the agent to staging, executed. */
export async function promoted(number: number): Promise<{ readonly id: string; readonly path: string }> {
  const deployment = { id: `dep-${number}`, agent_id: 'agent-1', environment: 'development' };
  const recorded = await as('dev')('POST', '/api/v1/deployments', { ...deployment, gateway_id: 'gw-dev' });
  expect(recorded.status, JSON.stringify(recorded.body)).toBe(201);
  const made = await as('dev')('POST', PROMOTIONS, {
    agent_id: 'agent-1',
    source_deployment_id: deployment.id,
    target_gateway_id: 'gw-1',
    target_environment: 'staging',
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await world.run(made.body.id);
  return { id: made.body.id, path: `${PROMOTIONS}/${made.body.id}` };
}

export const reports = (path: string, passed: boolean, more: object = {}) =>
  as('dev')('POST', `${path}/evidence`, smoke(passed, more));
export const verificationOf = async (path: string) => (await stateOf(path)).verification;
export const head = () =>
  world.deps.heads.read('acme', {
    subject: { kind: 'agent', name: 'agent-1' },
    environment: 'staging',
    gateway: 'gw-1',
  });
export const eventsOf = async (id: string): Promise<readonly StoredEvent['event'][]> =>
  (await world.deps.promotions.events('acme', id)).map(({ event }) => event);

export async function asking(verification: object, then = START) {
  const fields = { gates: [], verification, reason: 'the verification of this test' };
  const changed = await as('admin')('PATCH', STAGING, fields);
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  // What was weakened in the very moment of a request holds the request.
  world.at(then);
}

/** Before each test, a world whose staging verifies by smoke tests, and rolls back what fails. */
export function eachVerified(): void {
  beforeEach(async () => {
    await freshWorld();
    await as('admin')('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
    await asking({ gate: 'smoke', within: 'PT30M', on_failure: 'rollback' });
  });
}
