import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { promotionVerbs, retryPromotion } from '../../functions/contract/promotions.ts';
import { Instant } from '../../functions/domain/fields.ts';
import { defined } from '../defined.ts';
import { goOn, PromotionAnswer, promotionOutcome } from '../promotions/outcome.ts';
import { settled, WAITING, waitable } from '../promotions/waiting-options.ts';
import type { Bind } from '../verb.ts';

const PROMOTION = ['<promotion>', 'id of a promotion'] as const;
const id = { promotion: z.string() };

/** `sluice execute`. */
export const execute = (bind: Bind): Command =>
  bind(waitable(new Command('execute').description('execute an approved promotion').argument(...PROMOTION)), {
    given: z.object({ ...id, ...WAITING }),
    tryable: true,
    answer: PromotionAnswer,
    examples: ['sluice execute prom-01', 'sluice execute prom-01 --wait --timeout 5m'],
    async run({ promotion, ...waiting }, session) {
      const client = await session.client();
      const given = { params: { id: promotion }, body: {} };
      const asked = await client.call(promotionVerbs.execute, PromotionView, given);
      const goesOn = asked.status === 'approved' && asked.would_be === undefined;
      return settled(session, asked, waiting, goesOn ? goOn(asked.id) : undefined);
    },
  });

/** `sluice schedule`, and `sluice schedule --clear`. */
export const schedule = (bind: Bind): Command =>
  bind(
    new Command('schedule')
      .description('set the time at which a promotion executes, or take it away')
      .argument(...PROMOTION)
      .option('--at <instant>', 'when, such as 2026-12-01T18:00:00+01:00')
      .option('--clear', 'take the time away')
      .addOption(
        new Option('--on-missed <what>', 'what a time that passed before approval means').choices([
          'execute',
          'fail',
        ]),
      ),
    {
      given: z
        .object({
          ...id,
          at: z.optional(Instant),
          clear: z._default(z.boolean(), false),
          onMissed: z.optional(z.enum(['execute', 'fail'])),
        })
        .check(
          z.refine(({ at, clear }) => (at === undefined) === clear, {
            message: 'give either --at or --clear',
            path: ['at'],
          }),
        ),
      tryable: true,
      answer: PromotionAnswer,
      examples: ['sluice schedule prom-01 --at 2026-12-01T18:00:00+01:00', 'sluice schedule prom-01 --clear'],
      async run({ promotion, at, onMissed }, session) {
        const client = await session.client();
        const params = { id: promotion };
        if (at === undefined)
          return promotionOutcome(await client.call(promotionVerbs.unschedule, PromotionView, { params }));
        const body = defined({ at, on_missed: onMissed });
        return promotionOutcome(await client.call(promotionVerbs.schedule, PromotionView, { params, body }));
      },
    },
  );

/** `sluice cancel`. */
export const cancel = (bind: Bind): Command =>
  bind(
    new Command('cancel')
      .description('cancel an open promotion that is not executing')
      .argument(...PROMOTION)
      .option('--reason <text>', 'why, for the record'),
    {
      given: z.object({ ...id, reason: z.optional(z.string()) }),
      tryable: true,
      answer: PromotionAnswer,
      examples: ['sluice cancel prom-01 --reason "superseded"'],
      async run({ promotion, reason }, session) {
        const client = await session.client();
        const given = { params: { id: promotion }, body: defined({ reason }) };
        return promotionOutcome(await client.call(promotionVerbs.cancel, PromotionView, given));
      },
    },
  );

/** `sluice retry`. */
export const retry = (bind: Bind): Command =>
  bind(
    waitable(
      new Command('retry')
        .description('request a failed promotion again, as a new one')
        .argument(...PROMOTION)
        .option('--acknowledge-risk', 'needed where a failed rollback is RISKY'),
    ),
    {
      given: z.object({ ...id, ...WAITING, acknowledgeRisk: z.optional(z.boolean()) }),
      answer: PromotionAnswer,
      examples: ['sluice retry prom-01 --wait'],
      async run({ promotion, acknowledgeRisk, ...waiting }, session) {
        const client = await session.client();
        const given = { params: { id: promotion }, body: defined({ acknowledge_risk: acknowledgeRisk }) };
        return settled(session, await client.call(retryPromotion, PromotionView, given), waiting);
      },
    },
  );
