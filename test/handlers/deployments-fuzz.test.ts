import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { deploymentRoutes } from '../../functions/handlers/http/deployment-routes.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import { times } from '../support/length.ts';
import { memoryStores } from '../support/replayed-stores.ts';
import { createWorld, T0, TENANT, type World } from '../use-cases/deployments/world.ts';
import { CONTEXT, httpEvent } from './event.ts';
import { testLog } from './log.ts';

/** Bodies that are right but for what is put in place of some members. */
const BODIES = [
  ['POST', '/api/v1/deployments', { id: 'dep-1', agent_id: 'a', environment: 'development', version: '1' }],
  [
    'POST',
    '/api/v1/platform/deployments',
    { imageTag: 'v1', environment: 'dev', serviceVersions: { a: '1' } },
  ],
  ['PATCH', '/api/v1/platform/deployments/dep-0', { status: 'DEPLOYED', notes: 'n' }],
  ['PUT', '/api/v1/deployments/dep-0/metrics', { tests: { pass_rate: 100 }, metrics: { error_rate: 0 } }],
] as const;

const hostile = fc.oneof(
  fc.json().map((text): unknown => JSON.parse(text)),
  fc.constantFrom<unknown>(
    '2026-02-30T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-14:00',
    '\ud800',
    'a#b',
    '..',
    '__proto__',
    'x'.repeat(5_000),
    2 ** 60,
    -0,
    null,
    [],
    {},
  ),
);

describe('hostile input to the operations on deployments', () => {
  let world: World;
  let handler: ReturnType<typeof httpHandler>;
  beforeEach(async () => {
    world = await createWorld(memoryStores);
    handler = httpHandler(deploymentRoutes, () => world.deps, testLog());
    await world.commit({
      write: 'membership',
      membership: {
        tenant: TENANT,
        subject: 'dev',
        user_id: 'dev',
        email: 'dev@acme.com',
        groups: [],
        grants: [{ role: 'developer' }, { role: 'admin' }],
        status: 'active',
        version: 1,
        created_at: T0,
        updated_at: T0,
      },
      expected: 0,
    });
  });
  const status = async (method: string, path: string, body?: unknown) => {
    const given = body === undefined ? {} : { body };
    const result = await handler(httpEvent({ method, path, signer: { sub: 'dev' }, ...given }), CONTEXT);
    return result.statusCode ?? 0;
  };

  it('in bodies never makes a 500', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...BODIES),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...fieldNames())), hostile, { maxKeys: 4 }),
        async ([method, path, body], changes) => {
          expect(await status(method, path, { ...body, ...changes })).toBeLessThan(500);
        },
      ),
      { numRuns: times(250, 4_000) },
    );
  });

  it('in paths and queries never makes a 500', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('deployments', 'platform/deployments'),
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '%', '%00', '%ff', 'a%23b', 'current')),
        fc.dictionary(fc.constantFrom('environment', 'limit', 'cursor', 'agent_id', 'x'), fc.string()),
        async (resource, id, query) => {
          const text = new URLSearchParams(query).toString();
          for (const path of [
            resource,
            `${resource}/${id}`,
            `${resource}/${encodeURIComponent(id.toWellFormed())}`,
          ]) {
            expect(await status('GET', `/api/v1/${path.split('?').join('')}?${text}`), path).toBeLessThan(
              500,
            );
          }
        },
      ),
      { numRuns: times(125, 2_000) },
    );
  });
});

function fieldNames(): readonly string[] {
  const more = ['live_at', 'liveAt', 'deployed_at', 'deployedAt', 'completed_at', 'completedAt', 'status'];
  return [
    ...new Set(BODIES.flatMap(([, , body]) => Object.keys(body))),
    ...more,
    'content_digest',
    'gateway_id',
  ];
}
