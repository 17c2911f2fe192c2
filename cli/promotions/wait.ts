import { LONGEST_WAIT } from '../../functions/contract/promotion-verbs.ts';
import { PromotionView } from '../../functions/contract/promotion-view.ts';
import { promotionVerbs } from '../../functions/contract/promotions.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Session } from '../session.ts';
import { endedBy, goOn, stillWaiting } from './outcome.ts';
import { hop, statusCell, subjectOf, waitsFor } from './words.ts';

/** Where a wait is over: there, or where a promotion cannot come any more by itself. */
const OVER: readonly PromotionView['status'][] = ['completed', 'rolled_back'];
/** Milliseconds between two reads of a server that does not answer. */
const AWAY = 2_000;

/**
 * Waits until a promotion is completed. Throws a `Failure` when it cannot be any more, when `timeout` (milliseconds) is over, and when
 * interrupted; the promotion is left alone in each case. A server that does not answer is asked again until the time is over.
 */
export async function untilCompleted(
  session: Session,
  promotion: PromotionView,
  timeout: number,
): Promise<PromotionView> {
  const { terminal, progress } = session;
  const client = await session.client();
  const begun = terminal.now();
  let seen = promotion;
  let away: Failure | undefined;
  for (;;) {
    const stop = endedBy(seen);
    if (stop !== undefined) throw stop;
    if (OVER.includes(seen.status)) return seen;
    if (terminal.interrupted.aborted) throw interruptedAt(seen);
    const left = begun + timeout - terminal.now();
    if (left <= 0) throw away ?? stillWaiting(seen);
    progress.say(
      away === undefined ? waitingWords(seen) : `${away.message}; trying again`,
      `for ${seconds(terminal.now() - begun)}`,
    );
    try {
      const wait = Math.min(LONGEST_WAIT, Math.max(1, Math.ceil(left / 1000)));
      const asked = terminal.now();
      seen = await client.call(promotionVerbs.get, PromotionView, {
        params: { id: promotion.id },
        query: { wait, version: seen.version },
      });
      away = undefined;
      // Too many of the tenant wait already, so that this one was answered at once.
      if (terminal.now() - asked < 500 && !OVER.includes(seen.status)) await terminal.sleep(1_000);
    } catch (error) {
      if (
        !(error instanceof Failure) ||
        ![EXIT.unavailable, EXIT.interrupted].some((it) => it === error.exit)
      )
        throw error;
      if (error.exit === EXIT.interrupted) throw interruptedAt(seen);
      away = new Failure(error.code, error.exit, error.message, {
        hint: goOn(promotion.id),
        beside: { promotion: seen },
      });
      await terminal.sleep(Math.min(AWAY, Math.max(0, left)));
    }
  }
}

function waitingWords(promotion: PromotionView): string {
  const { text } = Object(statusCell(promotion));
  const why = waitsFor(promotion);
  return `${subjectOf(promotion)} ${hop(promotion)} is ${text}${why === '' ? '' : `, waits for ${why}`}`;
}

function interruptedAt(promotion: PromotionView): Failure {
  return new Failure('interrupted', EXIT.interrupted, `stopped waiting for ${promotion.id}`, {
    beside: { promotion },
    hint: goOn(promotion.id),
  });
}

const seconds = (ms: number): string =>
  ms < 60_000
    ? `${Math.round(ms / 1000)} s`
    : `${Math.floor(ms / 60_000)} m ${Math.round((ms % 60_000) / 1000)} s`;
