import type { Command } from 'commander';
import * as z from 'zod/mini';
import type { PromotionView } from '../../functions/contract/promotion-view.ts';
import type { Outcome } from '../output/print.ts';
import type { Session } from '../session.ts';
import { endedBy, type PromotionAnswer, promotionOutcome } from './outcome.ts';
import { untilCompleted } from './wait.ts';

const UNITS: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000 };

/** A length of time such as `90s`, `10m` or `1h`, in milliseconds. */
export const Timeout = z.pipe(
  z.string().check(z.regex(/^[0-9]{1,6}[smh]$/, 'must be a length of time such as 90s, 10m or 1h')),
  z.transform((text: string) => Number(text.slice(0, -1)) * (UNITS[text.slice(-1)] ?? 0)),
);

/** What every verb is given that can wait for the end. */
export const WAITING = { wait: z._default(z.boolean(), false), timeout: z.optional(Timeout) };
type Waiting = { readonly wait: boolean; readonly timeout?: number | undefined };

export const waitable = (command: Command): Command =>
  command
    .option('--wait', 'wait until the promotion is completed')
    .option('--timeout <time>', 'how long --wait waits, such as 90s, 10m or 1h (default: 10m)');

/** A promotion as a verb leaves it: followed to its end where asked, and a failure where gates stop it. `hint`: what else to do next than its status says. */
export async function settled(
  session: Session,
  promotion: PromotionView,
  { wait, timeout = 600_000 }: Waiting,
  hint?: string,
): Promise<Outcome & { readonly data: PromotionAnswer }> {
  if (wait && promotion.would_be === undefined) {
    return promotionOutcome(await untilCompleted(session, promotion, timeout));
  }
  const stop = endedBy(promotion);
  if (stop !== undefined) throw stop;
  return promotionOutcome(promotion, hint);
}
