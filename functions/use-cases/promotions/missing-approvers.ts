import { eligibility } from '../../domain/promotion/eligibility.ts';
import { type Shortage, shortagesOf } from '../../domain/promotion/shortage.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { approversIn } from '../access/approvers.ts';
import type { Deps } from '../deps.ts';
import { weakenedFor } from '../engine/facts.ts';
import { peopleOf } from '../engine/people.ts';
import type { KindDeps } from '../kinds/kind.ts';

/** The approvals that a promotion waits for and that nobody is left to give; none where it waits for something else. */
export async function missingApprovers(
  deps: KindDeps & Pick<Deps, 'directory' | 'changes' | 'clock'>,
  state: PromotionState,
): Promise<readonly Shortage[]> {
  if (state.status !== 'pending' || state.waiting_for !== 'approval') return [];
  const { requirements } = state.seal;
  const [separation, weakened] = await Promise.all([
    peopleOf(deps, state, requirements.separation_of_duties),
    weakenedFor(deps, state),
  ]);
  const now = deps.clock.now();
  return shortagesOf(requirements, approversIn(deps, state.tenant), (person) =>
    eligibility(state, [person], separation, weakened, now).some(
      ({ eligible, why }) => eligible || why === 'approved_already',
    ),
  );
}
