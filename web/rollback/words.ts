import type { ConfigRollbackImpactView } from '../../functions/contract/rollback-impact.ts';
import { plain } from '../words/status.ts';

export type Impact = ConfigRollbackImpactView;

const REASONS: { readonly [code: string]: string } = {
  breaking_changes: 'What reads it may break, as listed below.',
  breaking_changes_unknown: 'Nobody can tell what breaks: the versions do not say, or too much changes.',
  consumers_unknown: 'Nobody has declared what uses it, or more uses it than can be named.',
  consumers_unsatisfied: 'The constraint of a consumer does not take the version.',
  policy_incompatible: 'It would not pass the gates of today, as listed below.',
  policy_unknown: 'No gate could say whether it would pass today.',
  downtime_unknown: 'Nothing was executed here before, so nobody knows how long it takes.',
  later_promotions_undone: 'It takes other promotions back too, as listed below.',
  later_edits_undone: 'It takes edits back that were made since.',
  locked: 'A lock stops rollbacks too. Somebody has to lift it first.',
  already_there: 'This revision is active now.',
  already_open: 'A promotion to the same content is open already.',
  already_undone: 'All of it is undone already.',
  not_kept: 'What was before it is no longer kept.',
  nothing_to_promote: 'There is nothing to go back to.',
  source_not_deployed: 'The environment never had it, or it is no longer kept.',
  target_moved: 'Its keys were changed again since.',
  too_many_undone: 'It would take back too many promotions at once. Choose a later revision.',
  invalid_transition: 'It was replaced since. Choose a revision instead.',
};

/** Why a rollback is risky or blocked, as a sentence. */
export const reason = (code: string): string => REASONS[code] ?? plain(code);

/** A version, or the number of a revision where there is none. */
export const sideName = (version: string | null, revision: number | null): string =>
  version === null ? (revision === null ? 'unknown' : `revision ${revision}`) : shortened(version);

/** Content without a label is named by its digest; versions are written alike, with or without `v`. */
const shortened = (version: string): string =>
  version.startsWith('sha256:')
    ? version.slice('sha256:'.length, 'sha256:'.length + 7)
    : version.replace(/^v(?=\d)/, '');

type Breaking = NonNullable<Impact['breakingChanges']>[number];

/** What breaks, and how. */
export function breakingWords(one: Breaking): { readonly name: string; readonly says: string } {
  return 'key' in one
    ? { name: one.key, says: `${plain(one.change)}: what reads it may break` }
    : { name: 'major version', says: `${one.from} to ${one.to}: interfaces may differ` };
}

type Consumer = NonNullable<Impact['affectedConsumers']>[number];

export const isUnsatisfied = (one: Consumer): boolean => 'satisfied' in one && !one.satisfied;

/** What a consumer has to do with it. */
export function consumerWords(one: Consumer): string {
  if ('kind' in one) return `${one.kind} that reads this environment`;
  return one.satisfied
    ? `${one.constraint} takes the version`
    : `${one.constraint} does not take the version`;
}

/** Whether a gate would stop the content, were it promoted today. */
export const isFailing = ({ mode, status }: Impact['policyCompatibility'][number]): boolean =>
  mode === 'block' && status !== 'PASSED' && status !== 'SKIPPED';
