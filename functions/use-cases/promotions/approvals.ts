import type { Actor, Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import type { SeparationFacts } from '../../domain/promotion/commands.ts';
import { type Eligibility, eligibility } from '../../domain/promotion/eligibility.ts';
import { requestersOf } from '../../domain/promotion/parts.ts';
import { countApprovals, type Quorum } from '../../domain/promotion/quorum.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import { memberPrincipal } from '../access/principals.ts';
import type { Deps } from '../deps.ts';
import { weakenedFor } from '../engine/facts.ts';
import { peopleOf } from '../engine/people.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { readPromotion } from './read.ts';

export type ApprovalsView = {
  readonly state: PromotionState;
  readonly quorum: Quorum;
  /**
   * Active members with the role there, and whether they may approve, or why not: one page of them. The first page also has who had a part
   * in the promotion and has no role: separation of duties is the reason that they are told.
   */
  readonly people: readonly Eligibility[];
  readonly next?: string;
};

/** Who has approved, what is missing, and who may still give it: a page may be short, since the role may be held elsewhere. */
export async function readApprovals(
  deps: KindDeps & Pick<Deps, 'directory' | 'changes' | 'clock'>,
  ref: PromotionRef,
  page: PageRequest,
): Promise<ApprovalsView | Refusal> {
  const state = await readPromotion(deps, ref);
  if (isRefusal(state)) return state;
  const { requirements, manifest_digest } = state.seal;
  const [separation, { items, next }, weakened] = await Promise.all([
    peopleOf(deps, state, requirements.separation_of_duties),
    deps.directory.approvers(ref.tenant, page),
    weakenedFor(deps, state),
  ]);
  const approves = (person: Principal) => may(person, 'approve', state.target_environment);
  const barred = page.after === undefined ? await barredBy(deps, state, separation) : [];
  const people = [
    ...items.map(memberPrincipal).filter(approves),
    ...barred.filter((person) => !approves(person)),
  ];
  return {
    state,
    quorum: countApprovals(requirements, state.approvals, manifest_digest),
    people: eligibility(state, people, separation, weakened, deps.clock.now()).filter(
      ({ why }) => why !== 'not_authorized',
    ),
    ...(next === undefined ? {} : { next }),
  };
}

/** The active members among those whom separation of duties may exclude. */
async function barredBy(
  { directory }: Pick<Deps, 'directory'>,
  state: PromotionState,
  separation: SeparationFacts,
): Promise<readonly Principal[]> {
  const found: readonly Actor[] = separation === 'unreadable' ? [] : Object.values(separation).flat();
  const actors = [...requestersOf(state), ...found];
  const subjects = new Set(
    actors.flatMap(({ kind, subject, owner }) => (kind === 'person' ? subject : (owner ?? []))),
  );
  if (subjects.size === 0) return [];
  const { members } = await directory.named(state.tenant, { subjects: [...subjects], machines: [] });
  return members.filter(({ status }) => status === 'active').map(memberPrincipal);
}
