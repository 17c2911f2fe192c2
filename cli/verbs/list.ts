import { Command } from 'commander';
import * as z from 'zod/mini';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { listPromotions, PromotionList } from '../../functions/contract/promotions.ts';
import { allPages } from '../promotions/pages.ts';
import { promotionTable } from '../promotions/words.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';

/** A list of promotions; `more` says that the server has further ones. */
export const PromotionsAnswer = z.object({ items: z.array(PromotionView), more: z.boolean() });
const Count = z.coerce
  .number('must be a number of at least 1')
  .check(z.int(), z.minimum(1), z.maximum(10_000));

type Filter = { readonly [name: string]: string | undefined };

async function listed(session: Session, filter: Filter, limit: number) {
  const client = await session.client();
  const found = await allPages(async (cursor) => {
    const query = { ...filter, limit: Math.min(limit, 100), cursor };
    const { items, next_cursor } = await client.call(listPromotions, PromotionList, { query });
    return { items, next: next_cursor };
  }, limit);
  const hint = found.more ? { hint: `There are more; \`--limit\` shows them.` } : {};
  return { data: { ...found, items: [...found.items] }, table: promotionTable(found.items), ...hint };
}

/** `sluice list`: promotions, newest first. */
export const list = (bind: Bind): Command =>
  bind(
    new Command('list')
      .description('list promotions, newest first')
      .option('--env <environment>', 'the target')
      .option('--from <environment>', 'the source')
      .option('--status <status>', 'one or several, separated by commas')
      .option('--kind <kind>', 'agent, artifact or config')
      .option('--by <person>', 'who requested: subject id or e-mail')
      .option('--limit <number>', 'how many at most', '20'),
    {
      given: z.object({
        env: z.optional(z.string()),
        from: z.optional(z.string()),
        status: z.optional(z.string()),
        kind: z.optional(z.string()),
        by: z.optional(z.string()),
        limit: Count,
      }),
      answer: PromotionsAnswer,
      examples: ['sluice list --env production --status pending,approved'],
      run: ({ env, from, status, kind, by, limit }, session) =>
        listed(
          session,
          { target_environment: env, source_environment: from, status, kind, requester: by },
          limit,
        ),
    },
  );

/** `sluice inbox`: what waits for the caller. */
export const inbox = (bind: Bind): Command =>
  bind(
    new Command('inbox')
      .description('what waits for you: approvals, changes and executions')
      .option('--limit <number>', 'how many at most', '20'),
    {
      given: z.object({ limit: Count }),
      answer: PromotionsAnswer,
      examples: ['sluice inbox', 'sluice inbox --output json'],
      async run({ limit }, session) {
        const found = await listed(session, { waiting_for: 'me' }, limit);
        return found.data.items.length === 0 ? { ...found, text: 'Nothing waits for you.' } : found;
      },
    },
  );
