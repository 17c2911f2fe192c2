import { isInstant } from '../instant.ts';
import { type Members, textIn } from './read-json.ts';
import type { Reading } from './report.ts';
import { Misshapen, type Shape } from './shape.ts';

/** `SlsaResult` of SLSA 1.2: a level of a track. Other words beginning with `SLSA_` are nobody's to use. */
const LEVEL = /^SLSA_(BUILD|SOURCE)_LEVEL_([0-4])$/;

/**
 * The predicate `https://slsa.dev/verification_summary/v1`; its required fields are required. A result that is neither PASSED nor FAILED
 * is unknown, and so is a level that SLSA does not have. `build_level` and `source_level` are the levels that were verified.
 */
export function readSummary(predicate: Members, { part }: Shape): Reading {
  const verifier = textIn(part(predicate, 'verifier')?.['id']) ?? '';
  const policy = textIn(part(predicate, 'policy')?.['uri']) ?? '';
  const resource = textIn(predicate['resourceUri']) ?? '';
  const { timeVerified, verificationResult, verifiedLevels } = predicate;
  if (verifier === '' || policy === '' || resource === '') {
    throw new Misshapen('the summary lacks verifier.id, resourceUri or policy.uri');
  }
  if (typeof timeVerified !== 'string' || !isInstant(timeVerified)) {
    throw new Misshapen('timeVerified is no RFC 3339 instant');
  }
  if (!isTexts(verifiedLevels) || verifiedLevels.length > MOST_LEVELS) {
    throw new Misshapen('verifiedLevels is no list of levels');
  }
  const said = textIn(verificationResult)?.toUpperCase();
  const known = said === 'PASSED' || said === 'FAILED';
  const unknown = verifiedLevels.filter((level) => isOddLevel(level)).length + (known ? 0 : 1);
  const result = {
    passed: said === 'PASSED' && !isFailed(verifiedLevels) && unknown === 0,
    predicate: 'verification_summary',
    verifier: verifier.slice(0, MOST_CHARACTERS),
    policy: policy.slice(0, MOST_CHARACTERS),
    resource: resource.slice(0, MOST_CHARACTERS),
    levels: verifiedLevels.map((level) => level.slice(0, 64)),
    ...levelOf('BUILD', verifiedLevels, 'build_level'),
    ...levelOf('SOURCE', verifiedLevels, 'source_level'),
    unknown,
  };
  return { result, produced_at: timeVerified };
}

const MOST_LEVELS = 32;
const MOST_CHARACTERS = 1_024;

/** The lowest level that is named of a track: a summary names one, and whoever names more is believed the least. */
function levelOf(
  track: string,
  levels: readonly string[],
  name: string,
): { readonly [name: string]: number } {
  const found = levels.flatMap((level) => {
    const [, of, at] = LEVEL.exec(level) ?? [];
    return of === track ? [Number(at)] : [];
  });
  return found.length === 0 ? {} : { [name]: Math.min(...found) };
}

const isOddLevel = (level: string): boolean => level.toUpperCase().startsWith('SLSA_') && !LEVEL.test(level);

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

const isFailed = (levels: readonly string[]): boolean =>
  levels.some((level) => level.toUpperCase() === 'FAILED');
