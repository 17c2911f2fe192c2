import type { Principal } from '../../domain/identity/principal.ts';
import { type Eligibility, eligibility } from '../../domain/promotion/eligibility.ts';
import { countApprovals, type Quorum } from '../../domain/promotion/quorum.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Membership } from '../../ports/directory.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import { memberPrincipal } from '../access/principals.ts';
import type { Deps } from '../deps.ts';
import { peopleOf } from '../engine/people.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { readPromotion } from './read.ts';

export type ApprovalsView = {
  readonly state: PromotionState;
  readonly quorum: Quorum;
  /** The tenant's active members who could approve, or why they may not; at most `MOST`. */
  readonly people: readonly Eligibility[];
};

/** Members looked at: an answer for people, not an export. */
const MOST = 500;

/** Who has approved, what is missing, and who may still give it. */
export async function readApprovals(
  deps: KindDeps & Pick<Deps, 'directory' | 'clock'>,
  ref: PromotionRef,
): Promise<ApprovalsView | Refusal> {
  const state = await readPromotion(deps, ref);
  if (isRefusal(state)) return state;
  const { requirements, manifest_digest } = state.seal;
  const [separation, people] = await Promise.all([
    peopleOf(deps, state, requirements.separation_of_duties),
    activePeople(deps, ref.tenant),
  ]);
  return {
    state,
    quorum: countApprovals(requirements, state.approvals, manifest_digest),
    people: eligibility(state, people, separation, deps.clock.now()).filter(
      ({ why }) => why !== 'not_authorized',
    ),
  };
}

/** The active members of a tenant; at most `MOST` members are looked at. */
export async function activePeople(
  deps: Pick<Deps, 'directory'>,
  tenant: string,
): Promise<readonly Principal[]> {
  const members: Membership[] = [];
  let after: string | undefined;
  do {
    const page = await deps.directory.members(tenant, {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    members.push(...page.items);
    after = page.next;
  } while (after !== undefined && members.length < MOST);
  return members.filter(({ status }) => status === 'active').map(memberPrincipal);
}
