import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedHandler } from '../../functions/handlers/events/seed.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { tableStores } from '../support/replayed-table.ts';
import { createWorld } from './api-world.ts';
import { testLog } from './log.ts';

describe.skipIf(skipWithoutEngine())('seeding on the table', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine?.stop());

  it.each([40, 41, 130])(
    'founds a tenant with %i approvers, more than one transaction holds',
    async (count) => {
      const { deps } = await createWorld((now) => tableStores(engine.table, now));
      const tenant_id = `tenant-of-${count}`;
      const people = Array.from({ length: count }, (_, n) => ({
        ...{ tenant_id, user_id: `${tenant_id}-${n}`, email: `p${n}@${tenant_id}.test`, roles: ['approver'] },
      }));
      const seed = seedHandler(() => deps, testLog());
      expect(await seed({ people, demo: false })).toMatchObject({ tenants: [tenant_id], people: count });
      const last = await deps.directory.membership(tenant_id, `${tenant_id}-${count - 1}`);
      expect(last).toMatchObject({ email: `p${count - 1}@${tenant_id}.test` });
    },
  );

  it('names the admins of a tenant, those of this moment among them, and writes nothing for nobody', async () => {
    const { deps } = await createWorld((now) => tableStores(engine.table, now));
    const seed = seedHandler(() => deps, testLog());
    const tenant_id = 'tenant-of-admins';
    const person = (name: string, roles: ('admin' | 'viewer')[]) => ({
      ...{ tenant_id, user_id: name, email: `${name}@admins.test`, roles },
    });
    expect(await seed({ people: [], admins_of: tenant_id })).toMatchObject({ people: 0, admins: [] });
    expect(await deps.directory.tenant(tenant_id)).toBeUndefined();
    const both = { people: [person('zoe', ['admin']), person('vic', ['viewer'])], admins_of: tenant_id };
    expect(await seed(both)).toMatchObject({ admins: ['zoe'] });
    // Who is a member already stays what they are.
    const again = { people: [person('vic', ['admin']), person('ada', ['admin'])], admins_of: tenant_id };
    expect(await seed(again)).toMatchObject({ admins: ['ada', 'zoe'] });
    expect(await seed({ people: [person('ada', ['admin'])] })).not.toHaveProperty('admins');
  });
});
