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
});
