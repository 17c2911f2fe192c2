import type { RollbackImpactView } from '../../functions/contract/rollback-impact.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';

/** Names that a line gives. */
const NAMED = 5;

/** The end of a rollback that its impact keeps from beginning. */
export function refusedFor(impact: RollbackImpactView, words: string): Failure {
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

const count = (list: readonly unknown[] | null): string => (list === null ? 'unknown' : String(list.length));

/** The impact of a rollback of any kind, in the lines of the artifact document. */
export function impactWords(impact: RollbackImpactView): string {
  const { affected_consumers, breaking_changes, keys, estimated_downtime_seconds: downtime } = impact;
  const { later_promotions_undone: later, reason_codes: codes, recommendation } = impact;
  const failing = impact.policy_compatibility.filter(
    ({ mode, status }) => mode === 'block' && status !== 'PASSED' && status !== 'SKIPPED',
  );
  const unsatisfied = (affected_consumers ?? []).filter((one) => 'satisfied' in one && !one.satisfied);
  return [
    `Goes back: ${side(impact.from_version, impact.from_revision)} to ${side(impact.to_version, impact.to_revision)}`,
    `${keys === null ? 'Affected data products' : 'Affected consumers'}: ${count(affected_consumers)}${among(unsatisfied.map(({ name }) => `${name} unsatisfied`))}`,
    `Breaking changes: ${count(breaking_changes)}${among((breaking_changes ?? []).map(broken))}`,
    `Policy compatibility: ${policy(impact, failing)}`,
    ...(keys === null ? [] : [`Keys: ${keys}`]),
    `Later promotions undone: ${later.join(', ') || 'none'}`,
    `Estimated downtime: ${downtime === null ? 'unknown' : `${downtime.median} s (nine of ten within ${downtime.p90} s)`}`,
    `Recommendation: ${recommendation === 'SAFE' ? 'SAFE to rollback' : `${recommendation}${among(codes)}`}`,
  ].join('\n');
}

/** The first few of some words, in parentheses. */
function among(words: readonly string[]): string {
  const more = words.length > NAMED ? [`${words.length - NAMED} more`] : [];
  return words.length === 0 ? '' : ` (${[...words.slice(0, NAMED), ...more].join(', ')})`;
}

function side(version: string | null, revision: number | null): string {
  const number = revision === null ? undefined : `revision ${revision}`;
  return [version ?? undefined, number].filter((part) => part !== undefined).join(', ') || 'unknown';
}

const broken = (one: NonNullable<RollbackImpactView['breaking_changes']>[number]): string =>
  'key' in one ? `${one.key} ${one.change.replaceAll('_', ' ')}` : `${one.from} to ${one.to}`;

function policy(
  { policy_compatibility }: RollbackImpactView,
  failing: RollbackImpactView['policy_compatibility'],
): string {
  if (policy_compatibility.length === 0) return 'unknown';
  if (failing.length === 0) return 'it would pass the gates of today';
  return `it would not pass ${failing.map(({ name, reason_code }) => `${name} (${reason_code})`).join(', ')}`;
}
