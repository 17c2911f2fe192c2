import { Command } from 'commander';
import * as z from 'zod/mini';
import { listOf } from '../../functions/contract/fields.ts';
import {
  CreatedFlagKey,
  createFlagKey,
  deleteFlagKey,
  FlagKeyView,
  listFlagKeys,
} from '../../functions/contract/flag-keys.ts';
import { FLAG_KEY_TYPES } from '../../functions/domain/flags/flag-key.ts';
import { defined } from '../defined.ts';
import { allPages } from '../promotions/pages.ts';
import type { Bind } from '../verb.ts';

const REASON = ['--reason <text>', 'why, for the record'] as const;

/** `sluice flag-key …`. */
export const flagKey = (bind: Bind): Command => {
  const group = new Command('flag-key').description(
    'create, list and revoke the keys that clients read flags with',
  );
  for (const verb of [create, list, revoke]) group.addCommand(verb(bind));
  return group;
};

const table = (items: readonly FlagKeyView[]) => ({
  columns: ['Id', 'Name', 'Environment', 'Type', 'Origins', 'Last used'],
  rows: items.map(({ id, name, environment, type, allowed_origins, last_used_at }) => [
    ...[id, name, environment, type, allowed_origins.join(', ') || '–', last_used_at ?? 'never'],
  ]),
});

const create = (bind: Bind): Command =>
  bind(
    new Command('create')
      .description('create a key; it is shown this once')
      .argument('<name>', 'what people call it')
      .requiredOption('--env <environment>', 'the environment whose flags it reads')
      .option('--type <type>', FLAG_KEY_TYPES.join(', '), 'server')
      .option(
        '--origin <origin...>',
        'pages that may use a key of type browser, such as https://app.example.com',
      )
      .option(...REASON),
    {
      given: z.object({
        name: z.string(),
        env: z.string(),
        type: z.enum(FLAG_KEY_TYPES),
        origin: z.optional(z.array(z.string())),
        reason: z.optional(z.string()),
      }),
      tryable: true,
      answer: z.object({ key: CreatedFlagKey }),
      examples: [
        'sluice flag-key create billing --env production',
        'sluice flag-key create shop --env production --type browser --origin https://shop.example.com',
      ],
      async run({ name, env, type, origin = [], reason }, session) {
        const key = await (await session.client()).call(createFlagKey, CreatedFlagKey, {
          body: { name, environment: env, type, allowed_origins: origin, ...defined({ reason }) },
        });
        if (session.dryRun) return { data: { key }, table: table([key]) };
        return { data: { key }, text: key.key, hint: `Keep it: ${key.id} is not shown again.` };
      },
    },
  );

const list = (bind: Bind): Command =>
  bind(new Command('list').description('list the keys, without their secrets'), {
    given: z.object({}),
    answer: z.object({ items: z.array(FlagKeyView) }),
    examples: ['sluice flag-key list'],
    async run(_, session) {
      const client = await session.client();
      const { items } = await allPages(async (cursor) => {
        const page = await client.call(listFlagKeys, listOf(FlagKeyView), { query: { limit: 100, cursor } });
        return { items: page.items, next: page.next_cursor };
      });
      return { data: { items: [...items] }, table: table(items) };
    },
  });

const revoke = (bind: Bind): Command =>
  bind(
    new Command('revoke')
      .description('revoke a key: from now on it opens nothing')
      .argument('<id>', 'which key')
      .option(...REASON),
    {
      given: z.object({ id: z.string(), reason: z.optional(z.string()) }),
      tryable: true,
      answer: z.object({ revoked: z.string() }),
      examples: ['sluice flag-key revoke ID --reason "published by mistake"'],
      async run({ id, reason }, session) {
        await (await session.client()).send(deleteFlagKey, { params: { id }, query: { reason } });
        return { data: { revoked: id }, text: `Revoked ${id}.` };
      },
    },
  );
