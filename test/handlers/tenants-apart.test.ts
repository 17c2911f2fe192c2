import { describe, expect, it } from 'vitest';
import { ACME, createWorld, type World } from './api-world.ts';
import { furnish } from './furniture.ts';
import { operations } from './operations.ts';

/** Everything that a tenant's people can see of it. */
async function seen(world: World): Promise<string> {
  const admin = world.as('admin');
  const paths = [
    'promotions',
    'promotions/rules',
    'approval-policies',
    'environments',
    'gateways',
    'notification-channels',
    'members',
    'principals',
    'deployments?agent_id=agent-123',
  ];
  const answers = await Promise.all(paths.map((path) => admin('GET', `/api/v1/${path}`)));
  return JSON.stringify(answers.map(({ body }) => body));
}

/** What finds nothing and says so with 200. */
const NOTHING: { readonly [operation: string]: object } = {
  getTagExists: { exists: false },
  listDeploymentsOfBranch: [],
};

describe('tenants never meet', async () => {
  const world = await createWorld();
  const there = await furnish(world);
  const carol = world.as('carol');
  const own = operations(there).filter(({ action }) => action !== 'none' && action !== 'manage_tenants');
  // The name of what is made is the caller's to choose: another tenant's does not matter.
  const made = 'publishArtifactVersion';
  const named = own.filter(({ endpoint }) => endpoint.path.includes('{') && endpoint.operation !== made);
  const unnamed = own.filter(({ endpoint }) => !endpoint.path.includes('{') && endpoint.method === 'GET');

  it.each(named.map((one) => [one.endpoint.operation, one] as const))(
    "%s does not find another tenant's, and changes nothing",
    async (_, { endpoint, path, body }) => {
      const before = await seen(world);
      const answer = await carol(endpoint.method, path, body);
      const nothing = NOTHING[endpoint.operation];
      const expected = nothing === undefined ? { status: 404 } : { status: 200, body: nothing };
      expect(answer, JSON.stringify(answer.body)).toMatchObject(expected);
      expect(JSON.stringify(answer.body)).not.toContain('acme.com');
      expect(await seen(world)).toBe(before);
    },
  );

  it.each(unnamed.map((one) => [one.endpoint.operation, one] as const))(
    "%s shows nothing of another tenant's",
    async (_, { endpoint, path }) => {
      const { body } = await carol(endpoint.method, path);
      expect(JSON.stringify(body)).not.toMatch(/acme|agent-123|gw-789|dep-456/);
    },
  );

  it.each(own.map((one) => [one.endpoint.operation, one] as const))(
    '%s refuses somebody who names a tenant that is not theirs',
    async (_, { endpoint, path, body }) => {
      const before = await seen(world);
      const posed = await carol(endpoint.method, path, body, { 'X-Tenant-ID': ACME });
      expect(posed).toMatchObject({ status: 403, body: { code: 'tenant_mismatch' } });
      expect(await seen(world)).toBe(before);
    },
  );

  it.each(own.map((one) => [one.endpoint.operation, one] as const))(
    '%s is 401 without an identity',
    async (_, { endpoint, path, body }) => {
      const answer = await world.send({ method: endpoint.method, path, body });
      expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    },
  );
});
