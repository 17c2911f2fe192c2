import { beforeEach, describe, expect, it } from 'vitest';
import type { Slot } from '../../functions/domain/subject.ts';
import { revision } from '../ports/samples.ts';
import { ACME, createWorld, type World } from './api-world.ts';

const AGENT: Slot = {
  subject: { kind: 'agent', name: 'agent-1' },
  environment: 'production',
  gateway: 'gw-production',
};
const PLATFORM: Slot = { subject: { kind: 'artifact', name: 'platform' }, environment: 'development' };
const PROMOTION = {
  ...{ agent_id: 'agent-1', source_deployment_id: 'dep-1', target_gateway_id: 'gw-production' },
  target_environment: 'production',
};

let world: World;
beforeEach(async () => {
  world = await createWorld();
  const admin = world.as('admin');
  await admin('POST', '/api/v1/gateways', { id: 'gw-staging', environment: 'staging' });
  await admin('POST', '/api/v1/gateways', { id: 'gw-production', environment: 'production' });
  await world.as('dev')('POST', '/api/v1/deployments', {
    ...{ id: 'dep-1', agent_id: 'agent-1', gateway_id: 'gw-staging', environment: 'staging' },
  });
  for (const slot of [AGENT, PLATFORM])
    await world.commit(ACME, { write: 'revision', revision: revision(1, { slot }) });
});

describe('a slot whose head is missing although its revisions exist', () => {
  it.each([
    ['a plan', 'POST', '/api/v1/promotions', PROMOTION],
    ['a plan that is only tried', 'POST', '/api/v1/promotions?dry_run=true', PROMOTION],
    ['what is current', 'GET', '/api/v1/platform/deployments/current?environment=development', undefined],
    [
      'a record of a deployment',
      'POST',
      '/api/v1/platform/deployments',
      { imageTag: 'v1', environment: 'development' },
    ],
  ])('answers %s with 503 corrupt, and writes nothing', async (_, method, path, body) => {
    const { status, body: problem } = await world.as('dev')(method, path, body);
    expect({ status, code: problem['code'] }).toEqual({ status: 503, code: 'corrupt' });
    expect((await world.deps.promotions.list(ACME, {}, { limit: 5 })).items).toEqual([]);
  });
});
