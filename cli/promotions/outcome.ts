import * as z from 'zod/mini';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { EXIT, EXIT_OF_PROBLEM, type Exit } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Outcome } from '../output/print.ts';
import { hop, promotionTable, subjectOf, waitsFor } from './words.ts';

/** The answer of every verb on one promotion; null where there was nothing to promote. */
export const PromotionAnswer = z.object({ promotion: z.nullable(PromotionView) });
export type PromotionAnswer = z.infer<typeof PromotionAnswer>;

/** A promotion as the outcome of a verb. */
export function promotionOutcome(
  promotion: PromotionView,
  hint = nextSteps(promotion),
): Outcome & { readonly data: PromotionAnswer } {
  return { data: { promotion }, table: promotionTable([promotion]), ...(hint === undefined ? {} : { hint }) };
}

/** What the person may do next with a promotion that waits. */
function nextSteps(promotion: PromotionView): string | undefined {
  const { id, status, waiting_for, would_be, type, execution, reason_code } = promotion;
  if (would_be !== undefined) return 'Nothing was written: this was a dry run.';
  if (isBeingJudged(promotion)) return `Its gates are being judged. Follow it with \`sluice watch ${id}\`.`;
  if (status === 'approved' && execution === 'automatic' && reason_code === null) return goOn(id);
  if (status === 'approved') return `Execute with \`sluice execute ${id}\`.`;
  if (status === 'pending' && waiting_for === 'approval') {
    return `An approver decides with \`sluice approve ${id}\`; follow with \`sluice watch ${id}\`.`;
  }
  if (status === 'completed' && type === 'promotion') return `Take it back with \`sluice rollback ${id}\`.`;
  return undefined;
}

/** Whether all that blocks a promotion are gates whose providers have yet to answer: they do by themselves, and in bounded time. */
function isBeingJudged({ status, would_be, blocked_by, gates }: PromotionView): boolean {
  if (status !== 'blocked' || would_be !== undefined) return false;
  const waits = (name: string) => gates.some((gate) => gate.name === name && gate.status === 'PENDING');
  return blocked_by.length > 0 && blocked_by.every(waits);
}

/** As `stoppedBy`, of a promotion that goes on by itself: what is still being judged is not stopped. */
export const endedBy = (promotion: PromotionView): Failure | undefined =>
  isBeingJudged(promotion) ? undefined : stoppedBy(promotion);

/** Why a promotion cannot go on as asked, or will not any more; `undefined` where it can. */
export function stoppedBy(promotion: PromotionView): Failure | undefined {
  const { status, would_be, blocked_by, failure, closed_by, rejection_reason, id, gates } = promotion;
  const beside = { promotion };
  const of = (code: string, exit: Exit, why: string) =>
    new Failure(code, exit, `${subjectOf(promotion)} ${hop(promotion)}: ${why}`, { beside });
  const shown = would_be ?? status;
  switch (shown) {
    case 'blocked': {
      const why = gates.filter(({ name }) => blocked_by.includes(name));
      const words = why.map(({ name, status: gate, reason_code }) => `${name} ${gate} (${reason_code})`);
      return new Failure(
        'gate_failed',
        EXIT.gate_failed,
        `${hop(promotion)} is blocked by ${words.join(', ')}`,
        {
          beside,
          // The promotion of a dry run is nowhere.
          hint: `Attach evidence with \`sluice evidence attach FILE ${would_be === undefined ? `--promotion ${id}` : '--digest DIGEST'} --gate NAME --format FORMAT\`.`,
        },
      );
    }
    case 'rejected':
      return closed_by === 'expiry'
        ? of('expired', EXIT_OF_PROBLEM.expired, 'expired before it was decided')
        : of('rejected', EXIT.invalid_transition, `was rejected: ${rejection_reason ?? ''}`);
    case 'cancelled':
      return of('cancelled', EXIT.invalid_transition, 'was cancelled');
    case 'failed': {
      const code = failure?.code ?? 'failed';
      return of(code, exitOfFailure(code), failure?.message ?? 'failed');
    }
    case 'pending':
    case 'approved':
    case 'scheduled':
    case 'executing':
    case 'completed':
    case 'rolled_back':
      return undefined;
    default:
      return shown satisfies never;
  }
}

function exitOfFailure(code: string): Exit {
  const known = Object.entries(EXIT_OF_PROBLEM).find(([problem]) => problem === code);
  return known?.[1] ?? EXIT.other;
}

/** The end of a wait that took too long. */
export const stillWaiting = (promotion: PromotionView): Failure =>
  new Failure(
    'waiting',
    EXIT.waiting,
    `${promotion.id} still waits for ${waitsFor(promotion) || 'its end'}`,
    {
      beside: { promotion },
      hint: goOn(promotion.id),
    },
  );

/** How to go on after a wait that ended before the promotion did. */
export const goOn = (id: string): string => `It goes on by itself. Follow it with \`sluice watch ${id}\`.`;
