import { beforeEach, expect, it } from 'vitest';
import { admin, requested, stagedWorld, world } from './promotions-world.ts';

beforeEach(stagedWorld);

it('a request reads the rules, policies and freezes of its own target alone', async () => {
  const read: string[] = [];
  const { all, governing } = world.deps.catalog;
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
    governing: async (tenant: string, names: readonly string[]) => {
      const found = await governing(tenant, names);
      const counts = [found.rules.length, found.policies.length, found.freezes.length];
      read.push(`what governs ${names.join()}: ${counts.join(' ')}`);
      return found;
    },
  });
  await requested();
  expect(read).toContain('what governs production,prod: 1 1 0');
  for (const noun of ['rule', 'policy', 'freeze']) expect(read).not.toContain(noun);
});
