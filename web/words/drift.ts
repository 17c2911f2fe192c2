import type { SubjectDriftView } from '../../functions/contract/drift.ts';
import { spokenInstant } from '../../functions/domain/instant.ts';
import { unreachable } from '../../functions/domain/unreachable.ts';
import type { IconName } from '../parts/icon-name.ts';
import { count, type Tone } from './status.ts';

type Running = SubjectDriftView['environments'][number];

/** How what was seen stands to the record: a shape, a colour, a sentence. */
export function standingOf({ standing, observed }: Pick<Running, 'standing' | 'observed'>): {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly says: string;
} {
  const seen = observed === null ? '' : `, seen by ${observed.observedBy}`;
  switch (standing) {
    case 'as_recorded':
      return { icon: 'passed', tone: 'ok', says: `Runs what is recorded${seen}` };
    case 'out_of_band':
      return {
        icon: 'drift',
        tone: 'stop',
        says: `Runs ${nameIn(observed)}, which nobody recorded${seen}${observed === null ? '' : ` since ${spokenInstant(observed.changedAt)}`}`,
      };
    case 'stale':
      return {
        icon: 'pending',
        tone: 'off',
        says: `Not looked at since it last changed, or for a day${seen === '' ? '' : `; last${seen.slice(1)}`}`,
      };
    case 'unobserved':
      return { icon: 'skipped', tone: 'off', says: 'No machine reports what runs' };
    default:
      return unreachable(standing);
  }
}

/** What was seen, by whichever name it was reported. */
function nameIn(observed: Running['observed']): string {
  const digest = observed?.digest ?? observed?.root;
  return observed?.imageTag ?? (digest == null ? 'something' : digest.replace(/^sha256:/, '').slice(0, 7));
}

/** How far a slot is behind the environment before its own. */
export function behindInWords(behind: Running['behind']): string {
  if (behind === null) return 'Level';
  const { versions, days } = behind;
  if (versions === null) return 'Behind; how far cannot be told';
  return `${count(versions, 'version')} behind${days === null || days === 0 ? '' : `, for ${count(days, 'day')}`}`;
}

/** All of a page in a sentence: what went past Sluice, what is behind, which versions mean two things. */
export function driftInWords(subjects: readonly SubjectDriftView[]): string {
  const all = subjects.flatMap(({ environments }) => environments);
  const past = all.filter(({ standing }) => standing === 'out_of_band').length;
  const late = all.filter(({ behind }) => behind !== null).length;
  const torn = subjects.flatMap(({ sameVersionOtherDigest }) => sameVersionOtherDigest).length;
  const parts = [
    ...(past === 0 ? [] : [`${count(past, 'place')} ${past === 1 ? 'runs' : 'run'} what nobody recorded`]),
    ...(late === 0 ? [] : [`${count(late, 'place')} ${late === 1 ? 'is' : 'are'} behind`]),
    ...(torn === 0
      ? []
      : [`${count(torn, 'version')} ${torn === 1 ? 'stands' : 'stand'} for different content`]),
  ];
  return parts.length === 0
    ? 'Everything shown here is level, and nothing is known to run that is not recorded.'
    : `${parts.join('; ')}.`;
}
