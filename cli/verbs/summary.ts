import { Command } from 'commander';
import * as z from 'zod/mini';
import { getApprovals } from '../../functions/contract/promotion-reads.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { promotionVerbs } from '../../functions/contract/promotions.ts';
import { markdownTable, plain } from '../output/markdown.ts';
import { type Change, changesOf } from '../promotions/changes.ts';
import { hop, subjectOf, waitsFor } from '../promotions/words.ts';
import type { Bind } from '../verb.ts';

const People = z.object({
  required: z.number(),
  next_cursor: z.nullable(z.string()),
  people: z.array(z.object({ subject: z.string(), email: z.string(), eligible: z.boolean() })),
});

/** Changes, and characters of a value, that a page of a pipeline shows. */
const [MOST, LONGEST] = [50, 200];

/** `sluice summary ID`: a promotion as Markdown, for the page of a pipeline. */
export const summary = (bind: Bind): Command =>
  bind(
    new Command('summary')
      .description('a promotion as Markdown, for the page of a pipeline: changes, gates and who may approve')
      .argument('<promotion>', 'id of a promotion'),
    {
      given: z.object({ promotion: z.string() }),
      answer: z.object({ promotion: PromotionView, markdown: z.string() }),
      examples: ['sluice summary prom-01 >> "$GITHUB_STEP_SUMMARY"'],
      async run({ promotion: id }, session) {
        const client = await session.client();
        const promotion = await client.call(promotionVerbs.get, PromotionView, { params: { id } });
        const [changes, approvals] = await Promise.all([
          changesOf(client, promotion),
          client.call(getApprovals, People, { params: { id } }),
        ]);
        const may = approvals.people
          .filter(({ eligible }) => eligible)
          .map(({ email, subject }) => email || subject);
        if (approvals.next_cursor !== null) may.push('others');
        const markdown = `${page(promotion, changes, may)}\n`;
        return { data: { promotion, markdown }, raw: markdown };
      },
    },
  );

function page(promotion: PromotionView, changes: readonly Change[], may: readonly string[]): string {
  const { id, status, approvals, required_approvers, gates, failure } = promotion;
  const waiting = waitsFor(promotion);
  const missing = required_approvers - approvals.length;
  const asks = promotion.waiting_for === 'approval' && missing > 0;
  const rows = changes.slice(0, MOST).map(({ key, from, to }) => [key, short(from), short(to)]);
  return [
    `### ${plain(subjectOf(promotion))}: ${plain(hop(promotion))}`,
    '',
    `**${status}**${waiting === '' ? '' : `, waits for ${plain(waiting)}`} · ${plain(id)}`,
    ...(asks ? ['', `${missing} more of these may approve: ${may.map(plain).join(', ') || 'nobody'}`] : []),
    ...(failure === null ? [] : ['', `Failed: ${plain(failure.message)}`]),
    '',
    ...(rows.length === 0 ? ['No changes.'] : [markdownTable(['Key', 'Before', 'After'], rows)]),
    ...(changes.length > MOST ? ['', `And ${changes.length - MOST} more.`] : []),
    ...(gates.length === 0
      ? []
      : [
          '',
          markdownTable(
            ['Gate', 'Status', 'Reason'],
            gates.map((gate) => [gate.name, gate.status, gate.reason_code]),
          ),
        ]),
  ].join('\n');
}

function short(value: string | null): string {
  if (value === null) return '–';
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}
