import { Command } from 'commander';
import * as z from 'zod/mini';
import { getTimeline } from '../../functions/contract/promotion-reads.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { promotionVerbs } from '../../functions/contract/promotions.ts';
import type { Client } from '../http/client.ts';
import type { Cell } from '../output/table.ts';
import { Change, changesOf } from '../promotions/changes.ts';
import { promotionDetails } from '../promotions/words.ts';
import type { Bind } from '../verb.ts';

const Event = z.object({ seq: z.number(), at: z.string(), type: z.string(), by: z.string() });

/** Changes shown to people; machines get all of them. */
const MOST = 50;

/** `sluice show ID`: a promotion, what it changes, and what happened. */
export const show = (bind: Bind): Command =>
  bind(
    new Command('show')
      .description('show a promotion: what it waits for, changes, and what happened')
      .argument('<promotion>', 'id of a promotion')
      .option('--no-changes', 'leave out what it changes'),
    {
      given: z.object({ promotion: z.string(), changes: z._default(z.boolean(), true) }),
      answer: z.object({ promotion: PromotionView, changes: z.array(Change), timeline: z.array(Event) }),
      examples: ['sluice show prom-01', 'sluice show prom-01 --output json'],
      async run({ promotion: id, changes: wanted }, session) {
        const client = await session.client();
        const [promotion, events] = await Promise.all([
          client.call(promotionVerbs.get, PromotionView, { params: { id } }),
          everyEvent(client, id),
        ]);
        const changes = wanted ? await changesOf(client, promotion) : [];
        const timeline = events.map(({ seq, at, type, actor }) => ({
          seq,
          at,
          type,
          by: actor.email || (actor.kind === 'system' ? 'sluice' : actor.subject),
        }));
        const details = promotionDetails(promotion);
        const rows: (readonly Cell[])[] = [
          ...details.rows,
          ...changes
            .slice(0, MOST)
            .map(({ key, from, to }) => [`change ${key}`, `${from ?? '–'} → ${to ?? '–'}`]),
          ...(changes.length > MOST ? [['changes', `${changes.length - MOST} more`]] : []),
          ...timeline.map(({ at, type, by }) => [`event ${type}`, `${at} by ${by}`]),
        ];
        return { data: { promotion, changes, timeline }, table: { ...details, rows } };
      },
    },
  );

/** All events of a promotion, page by page. */
async function everyEvent(client: Client, id: string): Promise<z.infer<typeof Timeline>['items']> {
  const { items, next_cursor } = await client.call(getTimeline, Timeline, {
    params: { id },
    query: { limit: 100 },
  });
  const events = [...items];
  for (let cursor = next_cursor; cursor !== null; ) {
    const page = await client.call(getTimeline, Timeline, { params: { id }, query: { limit: 100, cursor } });
    events.push(...page.items);
    cursor = page.next_cursor;
  }
  return events;
}

const Timeline = z.object({
  next_cursor: z.nullable(z.string()),
  items: z.array(
    z.object({
      seq: z.number(),
      at: z.string(),
      type: z.string(),
      actor: z.object({ subject: z.string(), email: z.string(), kind: z.string() }),
    }),
  ),
});
