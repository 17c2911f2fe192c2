import { camelNames } from '../../contract/camel.ts';
import type { RollbackImpactView } from '../../contract/rollback-impact.ts';
import type { RollbackImpact } from '../../domain/promotion/rollback-impact.ts';

/** What a rollback would do, as the snake_case API shows it. */
export function rollbackImpactView(impact: RollbackImpact): RollbackImpactView {
  return {
    ...impact,
    reason_codes: [...impact.reason_codes],
    affected_consumers: impact.affected_consumers === null ? null : [...impact.affected_consumers],
    breaking_changes: impact.breaking_changes === null ? null : [...impact.breaking_changes],
    policy_compatibility: [...impact.policy_compatibility],
    later_promotions_undone: [...impact.later_promotions_undone],
    revisions: [...impact.revisions],
  };
}

/** Shows the same in camelCase. */
export const configRollbackImpactView = (impact: RollbackImpact) => camelNames(rollbackImpactView(impact));
