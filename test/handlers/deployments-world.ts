import { expect } from 'vitest';
import type { Grant, Role } from '../../functions/domain/identity/principal.ts';
import { deploymentMetricsRoutes } from '../../functions/handlers/http/deployment-metrics-routes.ts';
import { deploymentRoutes } from '../../functions/handlers/http/deployment-routes.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import { memoryStores } from '../support/replayed-stores.ts';
import { createWorld, T0, TENANT } from '../use-cases/deployments/world.ts';
import { type Answer, answered, type Signer, type TestCall } from './event.ts';
import { testLog } from './log.ts';

const GLOBEX = 'globex';
export const dev: Signer = { sub: 'dev' };
export const recorder: Signer = { account: '123456789012', role: 'ci', unique: 'AROACI' };

const roles = (...all: readonly Role[]): readonly Grant[] => all.map((role) => ({ role }));

/** The API of deployments behind its real stack: a developer, an approver, a recorder and another tenant's admin. */
export async function deploymentsWorld() {
  const world = await createWorld(memoryStores);
  const handler = httpHandler([...deploymentRoutes, ...deploymentMetricsRoutes], () => world.deps, testLog());

  async function member(subject: string, grants: readonly Grant[], tenant = TENANT): Promise<void> {
    const item = { tenant, subject, user_id: subject, email: `${subject}@${tenant}.com`, groups: [], grants };
    const stamps = { status: 'active', version: 1, created_at: T0, updated_at: T0 } as const;
    const result = await world.deps.transactions.commit(tenant, [
      { write: 'membership', membership: { ...item, ...stamps }, expected: 0 },
    ]);
    expect(result.committed).toBe(true);
  }

  await member('dev', roles('developer', 'promoter'));
  await member('eve', roles('approver'));
  await member('carol', roles('admin', 'developer', 'recorder'), GLOBEX);
  await world.commit({
    write: 'machine',
    machine: {
      id: 'mach-ci',
      tenant: TENANT,
      account: '123456789012',
      role: 'ci',
      unique_id: 'AROACI',
      name: 'CI',
      owner: 'dev',
      grants: roles('recorder'),
      groups: [],
      version: 1,
      created_at: T0,
      updated_at: T0,
    },
    expected: 0,
  });
  return {
    ...world,
    /** A scrape, by whoever it is. */
    scrape: (headers: Record<string, string>) =>
      answered(handler, { method: 'GET', path: '/metrics', headers }),
    /** Makes somebody a member. */
    member,
    call(
      method: string,
      path: string,
      body?: unknown,
      signer: Signer = dev,
      headers: TestCall['headers'] = {},
    ): Promise<Answer> {
      return answered(handler, { method, path, signer, headers, ...(body === undefined ? {} : { body }) });
    },
  };
}
