import type { Actor } from '../identity/principal.ts';
import { samePerson } from '../identity/same-person.ts';
import { addDuration } from '../instant.ts';
import type { Weakening } from '../policy/weakening/weakening.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Approval, PromotionState } from './state.ts';

/** How long before and after a weakening its author's own requests are theirs to wait with. */
export const GOVERNOR_WINDOW = 'PT24H';

/** A change that weakened what governs promotions into one environment, as promotions look it up. */
export type Weakened = {
  /** Its place in the tenant's chain of changes. */
  readonly seq: number;
  readonly at: string;
  /** Who asked for it, and who confirmed it. */
  readonly by: readonly Actor[];
  /** Machines that it bound or gave another owner: they act for those who did that. */
  readonly machines: readonly string[];
  readonly weakens: readonly Pick<Weakening, 'what' | 'kinds' | 'is'>[];
};

/** What of a promotion a weakening is held against. */
type Governed = Pick<PromotionState, 'requester' | 'requested_at' | 'subject' | 'target_environment'>;

/** The earliest weakening that may concern a promotion. */
export function governedSince({ requested_at }: Pick<PromotionState, 'requested_at'>): string {
  return addDuration(requested_at, `-${GOVERNOR_WINDOW}`);
}

/**
 * The weakenings of its target that a promotion was open at, or whose authors asked for it within 24 h. `weakened` are those of its target
 * since `governedSince`.
 */
export function weakeningsOf(
  { requester, requested_at, subject }: Governed,
  weakened: readonly Weakened[],
): readonly Weakened[] {
  return weakened.filter((one) => {
    if (!one.weakens.some(({ kinds }) => kinds.includes(subject.kind))) return false;
    if (one.at >= requested_at) return true;
    return isGovernor(one, requester) && requested_at <= addDuration(one.at, GOVERNOR_WINDOW);
  });
}

/** Whether somebody weakened what governs a promotion, and so decides nothing on it; nobody is exempt. */
export function governor(
  promotion: Governed,
  actor: Actor,
  weakened: readonly Weakened[],
): Refusal | undefined {
  const own = weakeningsOf(promotion, weakened).filter((one) => isGovernor(one, actor));
  if (own.length === 0) return undefined;
  const what = [...new Set(own.flatMap(({ weakens }) => weakens.map((each) => each.what)))];
  const where = promotion.target_environment;
  return refuse(
    'governor',
    `you weakened what governs promotions to ${where} (${what.join(', ')}): another person must decide`,
    { weakened: own.map(({ seq, at, weakens }) => ({ seq, at, what: weakens.map((each) => each.what) })) },
  );
}

/** The approvals of people who weakened what governs the promotion. */
export function governorApprovals(
  promotion: Governed & { readonly approvals: readonly Approval[] },
  weakened: readonly Weakened[],
): readonly Approval[] {
  return promotion.approvals.filter(({ actor }) => governor(promotion, actor, weakened) !== undefined);
}

/**
 * The approvals that were given before content or a credential of the target began to go, or to come from, elsewhere: they approved
 * another place. One of the same instant is among them.
 */
export function redirectedApprovals(
  { approvals, subject }: Pick<Governed, 'subject'> & { readonly approvals: readonly Approval[] },
  weakened: readonly Weakened[],
): readonly Approval[] {
  const redirects = weakened.filter(({ weakens }) =>
    weakens.some(({ is, kinds }) => is === 'redirects' && kinds.includes(subject.kind)),
  );
  return approvals.filter((approval) => redirects.some(({ at }) => approval.at <= at));
}

/**
 * Whether an execution waits for another person: it was asked for by someone who weakened, or by Sluice (it came by itself, or by its
 * schedule) and nobody else has approved since the last weakening.
 */
export function waitsForAnother(
  promotion: Governed & { readonly approvals: readonly Approval[] },
  executor: Actor | 'sluice',
  weakened: readonly Weakened[],
): boolean {
  const last = weakeningsOf(promotion, weakened)
    .map(({ at }) => at)
    .sort()
    .at(-1);
  if (last === undefined) return false;
  if (executor !== 'sluice' && executor.kind !== 'system') {
    return governor(promotion, executor, weakened) !== undefined;
  }
  return !promotion.approvals.some(({ at, actor }) => {
    return at >= last && governor(promotion, actor, weakened) === undefined;
  });
}

function isGovernor({ by, machines }: Weakened, actor: Actor): boolean {
  return machines.includes(actor.subject) || by.some((each) => samePerson(each, actor));
}
