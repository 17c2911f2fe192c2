import type { ArtifactRollbackImpactView } from '../../functions/contract/artifact-rollbacks.ts';
import type { RollbackImpactView } from '../../functions/contract/config-promotion-view.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';

/** What a rollback would do, of either kind. */
export type Impact = RollbackImpactView | ArtifactRollbackImpactView;

/** The end of a rollback that its impact keeps from beginning. */
export function refusedFor(impact: Impact, words: string): Failure {
  const risky = impact.recommendation === 'RISKY';
  return new Failure(
    risky ? 'risk_not_acknowledged' : 'rollback_blocked',
    EXIT.other,
    words.replaceAll('\n', '; '),
    {
      beside: { promotion: null, impact },
      ...(risky ? { hint: 'Add --acknowledge-risk to do it all the same.' } : {}),
    },
  );
}

const recommendation = (word: Impact['recommendation'], codes: readonly string[]): string =>
  `Recommendation: ${word === 'SAFE' ? 'SAFE to rollback' : `${word}${codes.length === 0 ? '' : ` (${codes.join(', ')})`}`}`;
const count = (list: readonly unknown[] | null): string => (list === null ? 'unknown' : String(list.length));

/** The impact on configuration, in the lines of the artifact document. */
export function configImpactWords(impact: RollbackImpactView): string {
  const { affectedConsumers, breakingChanges, estimatedDowntimeSeconds: downtime } = impact;
  return [
    `Affected consumers: ${count(affectedConsumers)}`,
    `Breaking changes: ${count(breakingChanges)}`,
    `Keys: ${impact.keys}`,
    `Later promotions undone: ${impact.laterPromotionsUndone.join(', ') || 'none'}`,
    `Estimated downtime: ${downtime === null ? 'unknown' : `${downtime} s`}`,
    recommendation(impact.recommendation, impact.reasonCodes),
  ].join('\n');
}

/** The impact on an artifact or an agent, in the lines of the artifact document. */
export function artifactImpactWords(impact: ArtifactRollbackImpactView): string {
  const { affected_consumers, breaking_changes, estimated_downtime_seconds: downtime } = impact;
  return [
    `Affected data products: ${count(affected_consumers)}`,
    `Breaking changes: ${count(breaking_changes)}${(breaking_changes ?? []).map(({ from, to }) => ` (${from} to ${to})`).join('')}`,
    `Estimated downtime: ${downtime === null ? 'unknown' : `${downtime.median} s (at most ${downtime.p90} s)`}`,
    recommendation(impact.recommendation, impact.reason_codes),
  ].join('\n');
}
