import type { Principal } from '../../domain/identity/principal.ts';
import { type Eligibility, eligibility } from '../../domain/promotion/eligibility.ts';
import { countApprovals, type Quorum } from '../../domain/promotion/quorum.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import { memberPrincipal } from '../access/principals.ts';
import type { Deps } from '../deps.ts';
import { weakenedFor } from '../engine/facts.ts';
import { peopleOf } from '../engine/people.ts';
import { everyItem } from '../every-item.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { readPromotion } from './read.ts';

export type ApprovalsView = {
  readonly state: PromotionState;
  readonly quorum: Quorum;
  /** The tenant's active members with the role, and whether they may approve, or why not. */
  readonly people: readonly Eligibility[];
};

/** Who has approved, what is missing, and who may still give it. */
export async function readApprovals(
  deps: KindDeps & Pick<Deps, 'directory' | 'changes' | 'clock'>,
  ref: PromotionRef,
): Promise<ApprovalsView | Refusal> {
  const state = await readPromotion(deps, ref);
  if (isRefusal(state)) return state;
  const { requirements, manifest_digest } = state.seal;
  const [separation, people, weakened] = await Promise.all([
    peopleOf(deps, state, requirements.separation_of_duties),
    activePeople(deps, ref.tenant),
    weakenedFor(deps, state),
  ]);
  return {
    state,
    quorum: countApprovals(requirements, state.approvals, manifest_digest),
    people: eligibility(state, people, separation, weakened, deps.clock.now()).filter(
      ({ why }) => why !== 'not_authorized',
    ),
  };
}

/** The active members of a tenant, however many there are (each tenant has a limit). */
export async function activePeople(
  deps: Pick<Deps, 'directory'>,
  tenant: string,
): Promise<readonly Principal[]> {
  const people: Principal[] = [];
  for await (const member of everyItem((page) => deps.directory.members(tenant, page))) {
    if (member.status === 'active') people.push(memberPrincipal(member));
  }
  return people;
}
