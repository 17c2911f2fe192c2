import type { PromotionView } from '../../functions/contract/promotion-view.ts';
import { concerning, type Freeze } from '../../functions/domain/freeze/freeze.ts';
import { type Frozen, frozenAt, stoppedAt } from '../../functions/domain/freeze/frozen-at.ts';
import { opensTime } from '../../functions/domain/freeze/opens.ts';
import type { Span } from '../../functions/domain/freeze/windows.ts';
import { type Fields, windowsIn } from './draft.ts';

type Scheduled = Pick<PromotionView, 'scheduled_at' | 'target_environment' | 'type' | 'status'>;

/** What a change of a freeze causes: how its scope stands without and with it, and for which scheduled promotions it makes a difference. */
export type Consequences<P> = {
  readonly before: Frozen;
  readonly after: Frozen;
  /** Scheduled promotions that come due while it is frozen only after the change, and only before it. */
  readonly held: readonly P[];
  readonly freed: readonly P[];
  /** Whether it lets something execute at a time that is frozen as things stand: what the server asks a reason for. */
  readonly opens: boolean;
};

/** Judges a change by the rules that the server judges by. `before` absent: the freeze is new; `after` absent: it is ended. */
export function consequencesOf<P extends Scheduled>({
  before,
  after,
  all,
  promotions,
  now,
}: {
  readonly before: Freeze | undefined;
  readonly after: Freeze | undefined;
  readonly all: readonly Freeze[];
  readonly promotions: readonly P[];
  readonly now: string;
}): Consequences<P> {
  const { id, environment: scope = '*' } = before ?? after ?? {};
  const others = all.filter((one) => one.id !== id);
  const then = after === undefined ? others : [...others, after];
  const isStopped = (freezes: readonly Freeze[], { target_environment, scheduled_at }: P): boolean =>
    scheduled_at !== null && stoppedAt(concerning(freezes, target_environment), scheduled_at) !== undefined;
  const moving = promotions.filter(({ status, type }) => status === 'scheduled' && type !== 'rollback');
  return {
    before: frozenAt(concerning(all, scope), now),
    after: frozenAt(concerning(then, scope), now),
    held: moving.filter((one) => !isStopped(all, one) && isStopped(then, one)),
    freed: moving.filter((one) => isStopped(all, one) && !isStopped(then, one)),
    opens: opensTime({ before, after, others: others.filter((one) => one.environment === scope) }, now),
  };
}

/** How far ahead windows are looked for: as far as the server looks for the end of a freeze. */
const YEAR = 366 * 86_400_000;

/** The windows that are open or come next, a few of them. */
export function nextWindows(fields: Fields, now: number, most = 4): readonly Span[] {
  const found: Span[] = [];
  for (const span of windowsIn(fields)(now, now + YEAR)) {
    if (found.length === most) break;
    found.push(span);
  }
  return found;
}
