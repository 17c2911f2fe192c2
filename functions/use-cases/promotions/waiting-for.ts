import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { samePerson } from '../../domain/identity/same-person.ts';
import { eligibility } from '../../domain/promotion/eligibility.ts';
import type { PromotionFilter } from '../../domain/promotion/filter.ts';
import { governedSince, governor, type Weakened } from '../../domain/promotion/governor.ts';
import { isExpired, OPEN_STATUSES } from '../../domain/promotion/lifetime.ts';
import { requestersOf } from '../../domain/promotion/parts.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { listPromotions } from './list.ts';

type WaitingDeps = KindDeps & Pick<Deps, 'promotions' | 'catalog' | 'changes' | 'clock'>;
type JudgingDeps = WaitingDeps & { readonly weakened: WeakenedOf };

/**
 * Promotions that wait for one principal, newest first: an approval that the principal may give, changes that were asked of the
 * requester, an execution that the principal may request. Reads the open promotions alone. Refuses `unknown_environment`.
 */
export async function promotionsWaitingFor(
  deps: WaitingDeps,
  input: { readonly principal: Principal; readonly filter: PromotionFilter; readonly page: PageRequest },
): Promise<Page<PromotionState> | Refusal> {
  const { principal, filter, page } = input;
  const statuses = (filter.statuses ?? OPEN_STATUSES).filter((status) => OPEN_STATUSES.includes(status));
  const found = await listPromotions(deps, {
    tenant: principal.tenant,
    filter: { ...filter, statuses },
    page,
  });
  if (isRefusal(found)) return found;
  const now = deps.clock.now();
  const weakened = weakenedOnce(deps, found.items);
  const waits = await Promise.all(
    found.items.map((state) => waitsFor({ ...deps, weakened }, principal, state, now)),
  );
  return { ...found, items: found.items.filter((_, index) => waits[index] === true) };
}

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

/** Whether a promotion waits for something that this principal may do. */
async function waitsFor(
  deps: JudgingDeps,
  principal: Principal,
  state: PromotionState,
  now: string,
): Promise<boolean> {
  if (isExpired(state, now) || !may(principal, 'read', state.target_environment)) return false;
  switch (state.status) {
    case 'pending':
      if (state.waiting_for === 'approval') return mayStillApprove(deps, principal, state, now);
      return (
        state.waiting_for === 'changes' &&
        requestersOf(state).some((actor) => samePerson(actor, actorOf(principal)))
      );
    case 'approved':
      return state.execution_requested === undefined && mayStillExecute(deps, principal, state);
    default:
      return false;
  }
}

/** Roles are asked before the people behind the promotion are read: most promotions are not this principal's to approve. */
async function mayStillApprove(
  deps: JudgingDeps,
  principal: Principal,
  state: PromotionState,
  now: string,
): Promise<boolean> {
  if (!may(principal, 'approve', state.target_environment)) return false;
  const asked = state.seal.requirements.separation_of_duties;
  const [separation, weakened] = await Promise.all([
    kindOf(state.request).people(deps, state.tenant, state, asked),
    deps.weakened(state),
  ]);
  return eligibility(state, [principal], separation, weakened, now).some(({ eligible }) => eligible);
}

/** Whoever weakened what governs the promotion does not execute it. */
async function mayStillExecute(
  deps: JudgingDeps,
  principal: Principal,
  state: PromotionState,
): Promise<boolean> {
  if (!may(principal, 'execute', state.target_environment)) return false;
  return governor(state, actorOf(principal), await deps.weakened(state)) === undefined;
}
