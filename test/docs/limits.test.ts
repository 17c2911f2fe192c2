import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { machines } from '../../functions/use-cases/administration/machines.ts';
import { members } from '../../functions/use-cases/administration/members.ts';
import { approvalPolicies } from '../../functions/use-cases/catalog/approval-policies.ts';
import { consumers } from '../../functions/use-cases/catalog/consumers.ts';
import { environments } from '../../functions/use-cases/catalog/environments.ts';
import { flagKeys } from '../../functions/use-cases/catalog/flag-keys.ts';
import { gateways } from '../../functions/use-cases/catalog/gateways.ts';
import { registries } from '../../functions/use-cases/catalog/registries.ts';
import { rules } from '../../functions/use-cases/catalog/rules.ts';
import { freezes } from '../../functions/use-cases/freezes/freezes.ts';
import { channels } from '../../functions/use-cases/notifications/channels.ts';

const NOUNS = [
  ...[environments, rules, approvalPolicies, freezes, gateways],
  ...[registries, consumers, flagKeys, channels, members, machines],
];

it('docs/operations.md names the limit of each noun', async () => {
  const page = await readFile('docs/operations.md', 'utf8');
  const [, table = ''] = page.split('| noun | per tenant |');
  const rows = [...table.matchAll(/^\| ([a-z ]+) \| ([\d,]+) \|$/gm)].map(([, words, limit = '']) => ({
    words,
    limit: Number(limit.replaceAll(',', '')),
  }));
  expect(rows).toEqual(NOUNS.map(({ words, limit }) => ({ words, limit })));
});
