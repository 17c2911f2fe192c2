import { beforeEach, expect, it } from 'vitest';
import { admin, requested, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

it('a request reads the rules, policies and freezes of its own target alone', async () => {
  const read: string[] = [];
  const { all, concerning } = world.deps.catalog;
  for (const target_environment of ['staging', 'production']) {
    const source_environment = target_environment === 'staging' ? 'development' : 'staging';
    await admin('POST', '/api/v1/promotions/rules', { name: 'r', source_environment, target_environment });
    await admin('POST', '/api/v1/approval-policies', { name: 'p', environments: [target_environment] });
  }
  Object.assign(world.deps.catalog, {
    all: (tenant: string, noun: 'environment') => {
      read.push(noun);
      return all(tenant, noun);
    },
    concerning: async (tenant: string, noun: 'rule', names: readonly string[]) => {
      const found = await concerning(tenant, noun, names);
      read.push(`${noun} ${names.join()}: ${found.length}`);
      return found;
    },
  });
  await requested();
  expect(read).toEqual(
    expect.arrayContaining([
      'rule production,prod: 1',
      'policy production,prod: 1',
      'freeze production,prod: 0',
    ]),
  );
  for (const noun of ['rule', 'policy', 'freeze']) expect(read).not.toContain(noun);
});
