import { satisfies, validRange } from 'semver';
import { compareVersions, parseVersion } from './version.ts';

/** What a consumer asks for: versions of a range, or whatever is active in an environment. */
export type Constraint =
  | { readonly range: string }
  | { readonly latest: string }
  | { readonly invalid: string };

const LONGEST = 256;

/**
 * Reads a constraint: an exact version, `^1.2.0`, `~1.2.0`, `>=1.2.0, <2.0.0`, `v1.2.*`, alternatives with `||`, or `latest-<suffix>`.
 * `invalid` says why it is none.
 */
export function parseConstraint(text: string): Constraint {
  if (text.length > LONGEST) return { invalid: `a constraint has at most ${LONGEST} characters` };
  const [, latest] = /^latest-([A-Za-z0-9._-]+)$/.exec(text) ?? [];
  if (latest !== undefined) return { latest };
  if (!/^[0-9A-Za-z.*^~<>=|, -]+$/.test(text)) {
    return { invalid: 'a constraint is made of versions, * ^ ~ < > = || commas and spaces' };
  }
  const range = validRange(text.replaceAll(',', ' '));
  return range === null ? { invalid: `${text} is no range of versions` } : { range };
}

/**
 * The highest of these versions that a range allows. A prerelease is allowed only by a range that names one of the same numbers
 * (semver's own rule), or when it is the exact version asked for.
 */
export function highest(versions: readonly string[], range: string): string | undefined {
  return versions
    .filter((version) => isAllowed(version, range))
    .toSorted(compareVersions)
    .at(-1);
}

export const isAllowed = (version: string, range: string): boolean =>
  satisfies(version, range) || parseVersion(range)?.version === version;
