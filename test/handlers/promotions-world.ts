import { expect } from 'vitest';
import { createWorld, type Name, type World } from './api-world.ts';
import type { Answer } from './event.ts';

export const path = '/api/v1/promotions';
export let world: World;

export const as =
  (name: Name) =>
  (...call: Parameters<ReturnType<World['as']>>): Promise<Answer> =>
    world.as(name)(...call);
export const [dev, alice, bob, admin] = [as('dev'), as('alice'), as('bob'), as('admin')];

export const toProduction = {
  agent_id: 'agent-123',
  source_deployment_id: 'dep-456',
  target_gateway_id: 'gw-789',
  target_environment: 'production',
};

export async function recorded(id: string, environment: string, agent_id = 'agent-123'): Promise<void> {
  const answer = await dev('POST', '/api/v1/deployments', {
    id,
    agent_id,
    gateway_id: `gw-${environment}`,
    environment,
  });
  expect(answer.status).toBe(201);
}

/** A promotion to production that waits for approval. */
export async function requested(over: object = {}): Promise<string> {
  const made = await dev('POST', path, { ...toProduction, ...over });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201, body: { status: 'pending' } });
  return made.body.id;
}

/** A fresh world with a deployment in staging and a gateway to promote it to: for `beforeEach`. */
export const stagedWorld = (): Promise<void> => stagedWorldOn();

/** The same on other stores than those in memory. */
export async function stagedWorldOn(stores?: Parameters<typeof createWorld>[0]): Promise<void> {
  world = await createWorld(stores);
  for (const [id, environment] of [
    ['gw-staging', 'staging'],
    ['gw-789', 'production'],
  ]) {
    await admin('POST', '/api/v1/gateways', { id, environment });
  }
  await recorded('dep-456', 'staging');
}
