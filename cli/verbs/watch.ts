import { Command } from 'commander';
import * as z from 'zod/mini';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { promotionVerbs } from '../../functions/contract/promotions.ts';
import { PromotionAnswer, promotionOutcome } from '../promotions/outcome.ts';
import { untilCompleted } from '../promotions/wait.ts';
import { Timeout } from '../promotions/waiting-options.ts';
import type { Bind } from '../verb.ts';

/** `sluice watch ID`: follows a promotion to its end. */
export const watch = (bind: Bind): Command =>
  bind(
    new Command('watch')
      .description('follow a promotion until it is completed; exits as --wait does')
      .argument('<promotion>', 'id of a promotion')
      .option('--timeout <time>', 'how long, such as 90s, 10m or 1h', '1h'),
    {
      given: z.object({ promotion: z.string(), timeout: Timeout }),
      answer: PromotionAnswer,
      examples: ['sluice watch prom-01', 'sluice watch prom-01 --timeout 5m'],
      async run({ promotion: id, timeout }, session) {
        const client = await session.client();
        const seen = await client.call(promotionVerbs.get, PromotionView, { params: { id } });
        return promotionOutcome(await untilCompleted(session, seen, timeout));
      },
    },
  );
