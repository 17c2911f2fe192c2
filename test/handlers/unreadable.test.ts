import { describe, expect, it } from 'vitest';
import { memberOf } from '../../functions/use-cases/administration/found-tenant.ts';
import { ACME, createWorld, START } from './api-world.ts';
import type { Answer } from './event.ts';
import { type Furniture, furnish } from './furniture.ts';
import { type Operation, operations } from './operations.ts';

const ROLES = ['developer', 'promoter', 'approver', 'recorder', 'admin'] as const;
/** What anybody with a role somewhere may read: the tenant's pipeline and what stands in it. */
const NO_SECRET: readonly string[] = [
  ...['rules', 'approval policies', 'environments', 'gateways', 'registries'],
  ...['notification channels', 'consumers', 'flag keys'],
];

/** The furniture under names of nothing, in the environment that is there: environments are no secret. */
function absentOf(there: Furniture): Furniture {
  const { environment } = there;
  const none = Object.fromEntries(Object.keys(there).map((name) => [name, `none-${name}`]));
  return { ...there, ...none, environment };
}

describe('somebody with every role in another environment', async () => {
  const world = await createWorld();
  const there = await furnish(world);
  const nothing = absentOf(there);
  const grants = ROLES.map((role) => ({ role, environment: 'development' }));
  const greta = { subject: 'greta', email: 'greta@acme.com', groups: [], grants };
  await world.commit(ACME, { write: 'membership', membership: memberOf(ACME, greta, START), expected: 0 });
  const absent = operations(nothing);
  const walk = operations(there).flatMap((present, n) => {
    const none = absent[n] ?? present;
    const other = { ...none, path: none.path.replace('/setting', '/none-setting') };
    const { tag } = present.endpoint;
    const apart = present.action !== 'none' && present.path !== other.path;
    return apart && !NO_SECRET.includes(tag) ? [[present.endpoint.operation, present, other] as const] : [];
  });

  const ask = ({ endpoint, path, body }: Operation): Promise<Answer> => {
    const asked = { method: endpoint.method, path, signer: { sub: 'greta' } };
    return world.send(body === undefined ? asked : { ...asked, body });
  };
  /** An answer, with nothing named as what is there. */
  const told = ({ status, body }: Answer): string => {
    const names = Object.entries({ ...nothing, setting: 'none-setting' });
    const present = new Map<string, unknown>(Object.entries({ ...there, setting: 'setting' }));
    const text = JSON.stringify({ ...body, status, instance: '' });
    return names.reduce((all, [name, none]) => all.replaceAll(String(none), String(present.get(name))), text);
  };

  it('is asked about everything that has an environment', () => {
    const tags = new Set(walk.map(([, { endpoint }]) => endpoint.tag));
    for (const tag of ['promotions', 'config promotions', 'deployments', 'platform deployments', 'config']) {
      expect(tags).toContain(tag);
    }
  });

  it.each(walk)('%s answers the same for what they may not read as for nothing', async (_, present, none) => {
    const [hidden, missing] = [await ask(present), await ask(none)];
    expect(told(hidden)).toBe(told(missing));
    expect([200, 403, 404]).toContain(hidden.status);
  });
});
