import { Command } from 'commander';
import * as z from 'zod/mini';
import { ChangeView, listChanges } from '../../functions/contract/audit.ts';
import { listOf } from '../../functions/contract/fields.ts';
import { allPages } from '../promotions/pages.ts';
import type { Bind } from '../verb.ts';

/** `sluice audit changes`: who changed what governs promotions. */
export const changes = (bind: Bind): Command =>
  bind(
    new Command('changes')
      .description('changes of rules, policies, members and all else that governs, newest first')
      .option('--type <type>', 'rule, policy, member, environment, freeze …')
      .option('--id <id>', 'what was changed: its id, an environment by its name')
      .option('--person <person>', 'who made or confirmed it: subject id or e-mail')
      .option('--since <instant>', 'made at or after')
      .option('--before <instant>', 'made before')
      .option('--limit <number>', 'how many at most', '50'),
    {
      given: z.object({
        type: z.optional(z.string()),
        id: z.optional(z.string()),
        person: z.optional(z.string()),
        since: z.optional(z.string()),
        before: z.optional(z.string()),
        limit: z.coerce.number('must be a number').check(z.int(), z.minimum(1), z.maximum(100_000)),
      }),
      answer: z.object({ items: z.array(ChangeView), more: z.boolean() }),
      examples: ['sluice audit changes --type rule', 'sluice audit changes --person alice@acme.com'],
      async run({ type, id, person, since, before, limit }, session) {
        const client = await session.client();
        const { items, more } = await allPages(async (cursor) => {
          const query = { type, id, person, from: since, before, limit: Math.min(limit, 100), cursor };
          const page = await client.call(listChanges, listOf(ChangeView), { query });
          return { items: page.items, next: page.next_cursor };
        }, limit);
        const rows = items.map(({ at, actor, action, target, reason, confirmed_by }) => [
          at,
          called(actor),
          action,
          `${target.type} ${target.id}`,
          confirmed_by === null ? '' : called(confirmed_by),
          reason ?? '',
        ]);
        const columns = ['At', 'By', 'Action', 'What', 'Confirmed by', 'Reason'];
        return { data: { items: [...items], more }, table: { columns, rows } };
      },
    },
  );

const called = ({ email, subject }: { readonly email: string | null; readonly subject: string }): string =>
  email === null || email === '' ? subject : email;
