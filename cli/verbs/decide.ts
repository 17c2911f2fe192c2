import { Command } from 'commander';
import * as z from 'zod/mini';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { promotionVerbs } from '../../functions/contract/promotions.ts';
import { defined } from '../defined.ts';
import { PromotionAnswer, promotionOutcome } from '../promotions/outcome.ts';
import { settled, WAITING, waitable } from '../promotions/waiting-options.ts';
import type { Session } from '../session.ts';
import type { Bind } from '../verb.ts';

const PROMOTION = ['<promotion>', 'id of a promotion'] as const;
const id = { promotion: z.string() };
const Reasoned = z.object({ ...id, reason: z.string() });

const reading = async (session: Session, promotion: string): Promise<PromotionView> =>
  (await session.client()).call(promotionVerbs.get, PromotionView, { params: { id: promotion } });

/** `sluice approve`: what is approved is the manifest that was read just now, so that nothing else slips in between. */
export const approve = (bind: Bind): Command =>
  bind(
    waitable(
      new Command('approve')
        .description('approve a promotion: its sealed manifest as it is now')
        .argument(...PROMOTION)
        .option('--comment <text>', 'why, for the record')
        .option('--manifest-digest <digest>', 'approve only this manifest (default: the present one)'),
    ),
    {
      given: z.object({
        ...id,
        ...WAITING,
        comment: z.optional(z.string()),
        manifestDigest: z.optional(z.templateLiteral(['sha256:', z.string()])),
      }),
      tryable: true,
      answer: PromotionAnswer,
      examples: ['sluice approve prom-01 --comment "checked the diff"'],
      async run({ promotion, comment, manifestDigest, ...waiting }, session) {
        const client = await session.client();
        const manifest_digest = manifestDigest ?? (await reading(session, promotion)).manifest_digest;
        const body = defined({ comment, manifest_digest });
        const approved = await client.call(promotionVerbs.approve, PromotionView, {
          params: { id: promotion },
          body,
        });
        return waiting.wait ? settled(session, approved, waiting) : promotionOutcome(approved);
      },
    },
  );

const reasoned =
  (name: 'reject' | 'request-changes', verb: 'reject' | 'requestChanges', words: string) =>
  (bind: Bind): Command =>
    bind(
      new Command(name)
        .description(words)
        .argument(...PROMOTION)
        .requiredOption('--reason <text>', 'why, for the requester and the record'),
      {
        given: Reasoned,
        tryable: true,
        answer: PromotionAnswer,
        examples: [`sluice ${name} prom-01 --reason "the timeout is too long"`],
        async run({ promotion, reason }, session) {
          const client = await session.client();
          const given = { params: { id: promotion }, body: { reason } };
          return promotionOutcome(await client.call(promotionVerbs[verb], PromotionView, given));
        },
      },
    );

/** `sluice reject`. */
export const reject = reasoned('reject', 'reject', 'reject a promotion for good');
/** `sluice request-changes`. */
export const requestChanges = reasoned(
  'request-changes',
  'requestChanges',
  'give a promotion back to its requester',
);

/** `sluice resubmit`. */
export const resubmit = (bind: Bind): Command =>
  bind(
    new Command('resubmit')
      .description('put a promotion forward again, planned anew, after changes were requested')
      .argument(...PROMOTION),
    {
      given: z.object(id),
      tryable: true,
      answer: PromotionAnswer,
      examples: ['sluice resubmit prom-01'],
      async run({ promotion }, session) {
        const client = await session.client();
        const given = { params: { id: promotion }, body: {} };
        return settled(session, await client.call(promotionVerbs.resubmit, PromotionView, given), {
          wait: false,
        });
      },
    },
  );
