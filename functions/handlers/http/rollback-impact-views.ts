import type { ConfigRollbackImpactView, RollbackImpactView } from '../../contract/rollback-impact.ts';
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

/** The same as the camelCase API shows it. */
export function configRollbackImpactView(impact: RollbackImpact): ConfigRollbackImpactView {
  const view = rollbackImpactView(impact);
  return {
    recommendation: view.recommendation,
    reasonCodes: view.reason_codes,
    fromVersion: view.from_version,
    toVersion: view.to_version,
    fromRevision: view.from_revision,
    toRevision: view.to_revision,
    keys: view.keys,
    affectedConsumers: view.affected_consumers,
    breakingChanges: view.breaking_changes,
    policyCompatibility: view.policy_compatibility.map(({ reason_code, ...gate }) => ({
      ...gate,
      reasonCode: reason_code,
    })),
    laterPromotionsUndone: view.later_promotions_undone,
    laterEditsUndone: view.later_edits_undone,
    estimatedDowntimeSeconds: view.estimated_downtime_seconds,
    revisions: view.revisions,
  };
}
