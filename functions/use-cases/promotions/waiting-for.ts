import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { samePerson } from '../../domain/identity/same-person.ts';
import { eligibility } from '../../domain/promotion/eligibility.ts';
import type { PromotionFilter } from '../../domain/promotion/filter.ts';
import { governedSince, governor, type Weakened } from '../../domain/promotion/governor.ts';
import { isExpired } from '../../domain/promotion/lifetime.ts';
import { requestersOf } from '../../domain/promotion/parts.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { PlacedPromotion } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { namedFilter, readableBy } from './list.ts';

type WaitingDeps = KindDeps & Pick<Deps, 'promotions' | 'catalog' | 'changes' | 'clock'>;
type JudgingDeps = WaitingDeps & { readonly weakened: WeakenedOf };

/** Open promotions looked at first, strongly consistent: those that were requested just now. */
const FIRST = 100;
/** Open promotions looked at in each later round, as they were a moment ago. */
const THEN = 1_000;
/** What one walk may look at, some 6,000 read units; and of how many it may ask who is behind them. */
const MOST_LOOKED_AT = 12_000;
const MOST_JUDGED = 2_000;

/** What waits for a principal. `complete: false`: the walk was cut before it had seen all open promotions; from `next` it goes on. */
export type Waiting = Page<PromotionState> & {
  readonly complete: boolean;
  /** The first 100 open promotions that the walk looked at. */
  readonly newest: readonly PromotionState[];
};

/**
 * Promotions that wait for one principal, newest first: an approval that the principal may give, changes that were asked of the
 * requester, an execution that the principal may request. Walks through the open promotions alone, however many wait for others. Refuses `unknown_environment`.
 */
export async function promotionsWaitingFor(
  deps: WaitingDeps,
  input: { readonly principal: Principal; readonly filter: PromotionFilter; readonly page: PageRequest },
): Promise<Waiting | Refusal> {
  const { principal, page } = input;
  const filter = await namedFilter(deps, principal.tenant, { ...readableBy(principal), ...input.filter });
  if (isRefusal(filter)) return filter;
  const now = deps.clock.now();
  const found: PlacedPromotion[] = [];
  let newest: Waiting['newest'] | undefined;
  let { after } = page;
  for (let [looked, judged] = [0, 0]; ; ) {
    const limit = looked === 0 ? FIRST : THEN;
    const from = after === undefined ? {} : { after };
    const { items, next } = await deps.promotions.walkOpen(principal.tenant, filter, {
      limit,
      late: looked > 0,
      ...from,
    });
    newest ??= items.map(({ state }) => state);
    const possible = items.filter(({ state }) => mayWait(principal, state, now));
    found.push(...(await waitingIn(deps, principal, possible, page.limit + 1 - found.length)));
    const last = found[page.limit - 1];
    if (found.length > page.limit && last !== undefined)
      return {
        items: found.slice(0, page.limit).map(({ state }) => state),
        next: last.at,
        complete: true,
        newest,
      };
    const all = found.map(({ state }) => state);
    if (next === undefined) return { items: all, complete: true, newest };
    looked += limit;
    judged += possible.length;
    if (looked >= MOST_LOOKED_AT || judged >= MOST_JUDGED)
      return { items: all, next, complete: false, newest };
    after = next;
  }
}

/** Which of some promotions wait for a principal, in their order: as many as asked. */
async function waitingIn(
  deps: WaitingDeps,
  principal: Principal,
  possible: readonly PlacedPromotion[],
  most: number,
): Promise<readonly PlacedPromotion[]> {
  const weakened = weakenedOnce(
    deps,
    possible.map(({ state }) => state),
  );
  const found: PlacedPromotion[] = [];
  for (let at = 0; at < possible.length && found.length < most; at += FIRST) {
    const some = possible.slice(at, at + FIRST);
    const waits = await Promise.all(
      some.map(({ state }) => waitsFor({ ...deps, weakened }, principal, state, deps.clock.now())),
    );
    found.push(...some.filter((_, index) => waits[index]));
  }
  return found.slice(0, most);
}

/** Whether a promotion may wait for something that this principal may do; reads nothing, and is sure only of what does not. */
function mayWait(principal: Principal, state: PromotionState, now: string): boolean {
  const { target_environment: target } = state;
  if (isExpired(state, now) || !may(principal, 'read', target)) return false;
  if (state.status === 'approved')
    return state.execution_requested === undefined && may(principal, 'execute', target);
  if (state.status !== 'pending') return false;
  if (state.waiting_for === 'changes')
    return requestersOf(state).some((actor) => samePerson(actor, actorOf(principal)));
  return (
    state.waiting_for === 'approval' &&
    eligibility(state, [principal], NOBODY, [], now).some(({ eligible }) => eligible)
  );
}
const NOBODY = { authors: [], previous_promoters: [], evidence_producers: [] };

type WeakenedOf = (state: PromotionState) => Promise<readonly Weakened[]>;

/** What weakened the target of each, read once for all that go to one environment: since the earliest, as each asks for its own. */
function weakenedOnce({ changes }: Pick<Deps, 'changes'>, states: readonly PromotionState[]): WeakenedOf {
  const since = new Map<string, string>();
  for (const state of states) {
    const [own, before] = [governedSince(state), since.get(state.target_environment)];
    if (before === undefined || own < before) since.set(state.target_environment, own);
  }
  const read = new Map<string, Promise<readonly Weakened[]>>();
  return async (state) => {
    const { tenant, target_environment: target } = state;
    const from = since.get(target) ?? governedSince(state);
    const all = read.get(target) ?? changes.weakened(tenant, target, from);
    read.set(target, all);
    return await all;
  };
}

/** Whether a promotion that may wait for a principal does: who is behind it, and who weakened what governs it, is asked last. */
async function waitsFor(
  deps: JudgingDeps,
  principal: Principal,
  state: PromotionState,
  now: string,
): Promise<boolean> {
  // Whoever weakened what governs the promotion does not execute it.
  if (state.status === 'approved')
    return governor(state, actorOf(principal), await deps.weakened(state)) === undefined;
  if (state.status !== 'pending' || state.waiting_for !== 'approval') return true;
  const asked = state.seal.requirements.separation_of_duties;
  const [separation, weakened] = await Promise.all([
    kindOf(state.request).people(deps, state.tenant, state, asked),
    deps.weakened(state),
  ]);
  return eligibility(state, [principal], separation, weakened, now).some(({ eligible }) => eligible);
}
