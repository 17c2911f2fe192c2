import { Command } from 'commander';
import * as z from 'zod/mini';
import { listOf } from '../../functions/contract/fields.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { listPromotions, promotionVerbs } from '../../functions/contract/promotions.ts';
import { OPEN_STATUSES } from '../../functions/domain/promotion/lifetime.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Client } from '../http/client.ts';
import { stoppedBy } from '../promotions/outcome.ts';
import { allPages } from '../promotions/pages.ts';
import { promotionTable } from '../promotions/words.ts';
import type { Bind } from '../verb.ts';

/** `sluice validate`: judges the gates of one promotion again, or of all that are open. */
export const validate = (bind: Bind): Command =>
  bind(
    new Command('validate')
      .description('judge the gates again: of one promotion, or of all that are open')
      .argument('[promotion]', 'id of a promotion')
      .option('--refresh', 'plan anew, on the source as it is now')
      .option('--strict', 'exit 8 where a gate refuses (always so for one promotion)'),
    {
      given: z.object({
        promotion: z.optional(z.string()),
        refresh: z._default(z.boolean(), false),
        strict: z._default(z.boolean(), false),
      }),
      answer: z.object({ items: z.array(PromotionView) }),
      examples: ['sluice validate prom-01 --refresh', 'sluice validate --strict'],
      async run({ promotion, refresh, strict }, session) {
        const client = await session.client();
        const ids = promotion === undefined ? await openIds(client) : [promotion];
        const items: PromotionView[] = [];
        for (const id of ids) {
          session.progress.bar('judging gates', items.length, ids.length);
          const given = { params: { id }, body: refresh ? { refresh } : {} };
          items.push(await client.call(promotionVerbs.validate, PromotionView, given));
        }
        const data = { items };
        if (items.length === 0) return { data, text: 'No promotion is open.' };
        const outcome = { data, table: promotionTable(items) };
        const stops = items.flatMap((item) => stoppedBy(item) ?? []);
        const [first] = stops;
        if (first === undefined || (promotion === undefined && !strict)) return outcome;
        const message = stops.map((stop) => stop.message).join('; ');
        return { ...outcome, failed: new Failure(first.code, EXIT.gate_failed, message, { beside: data }) };
      },
    },
  );

/** What can be judged: a promotion that executes is past its gates. */
async function openIds(client: Client): Promise<readonly string[]> {
  const status = OPEN_STATUSES.filter((one) => one !== 'executing').join();
  const { items } = await allPages(async (cursor) => {
    const query = { status, limit: 100, cursor };
    const page = await client.call(listPromotions, listOf(PromotionView), { query });
    return { items: page.items, next: page.next_cursor };
  });
  return items.map(({ id }) => id);
}
