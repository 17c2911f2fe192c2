import { actorOf, type Principal } from '../identity/principal.ts';
import { may } from '../identity/roles.ts';
import { samePerson } from '../identity/same-person.ts';
import type { RefusalCode } from '../refusal.ts';
import type { SeparationFacts } from './commands.ts';
import { governor, type Weakened } from './governor.ts';
import { isExpired } from './lifetime.ts';
import { mayApprove } from './separation.ts';
import type { PromotionState } from './state.ts';

/** Whether one person may still approve, and why not. */
export type Eligibility = {
  readonly subject: string;
  readonly email: string;
  readonly groups: readonly string[];
  readonly eligible: boolean;
  readonly why?: RefusalCode | 'approved_already';
};

/**
 * Who of some people may approve a promotion now. Separation of duties is named before a missing role, as `approve` does. `weakened` are
 * the weakenings of its target since `governedSince`.
 */
export function eligibility(
  state: PromotionState,
  people: readonly Principal[],
  separation: SeparationFacts,
  weakened: readonly Weakened[],
  now: string,
): readonly Eligibility[] {
  return people.map((person) => {
    const { subject, email, groups } = person;
    const why = isExpired(state, now) ? 'expired' : obstacle(state, person, separation, weakened);
    const who = { subject, email, groups };
    return why === undefined ? { ...who, eligible: true } : { ...who, eligible: false, why };
  });
}

function obstacle(
  state: PromotionState,
  person: Principal,
  separation: SeparationFacts,
  weakened: readonly Weakened[],
): Eligibility['why'] | undefined {
  const actor = actorOf(person);
  if (state.status !== 'pending' && state.status !== 'blocked') return 'already_decided';
  if (state.status === 'pending' && state.waiting_for === 'changes') return 'invalid_transition';
  const separated = mayApprove(state, actor, separation);
  if (separated !== undefined) return separated.refused;
  if (!may(person, 'approve', state.target_environment)) return 'not_authorized';
  const named = state.seal.requirements.groups.some(({ group }) => person.groups.includes(group));
  if (person.kind === 'machine' && !named) return 'not_authorized';
  const own = governor(state, actor, weakened);
  if (own !== undefined) return own.refused;
  return state.approvals.some((approval) => samePerson(approval.actor, actor))
    ? 'approved_already'
    : undefined;
}
