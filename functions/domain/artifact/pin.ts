import { diff } from 'semver';
import { type Constraint, highest, isAllowed, parseConstraint } from './constraint.ts';
import type { Consumer } from './consumer.ts';
import { compareVersions } from './version.ts';

/** What an environment has of an artifact, as semver without `v`: the active version, and all that it ever received. */
export type Received = { readonly active: string | undefined; readonly versions: readonly string[] };

/** What a constraint comes to. `unsatisfied` and `invalid` say why; `warning` why it is not recommended. */
export type Pin = { readonly warning: string | null } & (
  | { readonly status: 'satisfied'; readonly version: string }
  | { readonly status: 'unsatisfied' | 'invalid'; readonly reason: string }
);

/** Versions that a reason names. */
const NAMED = 5;

/**
 * The version that a constraint takes of what an environment received; `latest-…` is what is active in the environment that it names
 * (`undefined`: there is no such environment).
 */
export function pinOf(text: string, own: Received, named: Received | undefined): Pin {
  const constraint = parseConstraint(text);
  const warning = warningOf(constraint, text);
  if ('invalid' in constraint) return { status: 'invalid', reason: constraint.invalid, warning };
  const unsatisfied = (reason: string): Pin => ({ status: 'unsatisfied', reason, warning });
  if ('latest' in constraint) {
    if (named === undefined) return unsatisfied(`there is no environment ${constraint.latest}`);
    if (named.active === undefined) return unsatisfied(`nothing is active in ${constraint.latest}`);
    return { status: 'satisfied', version: named.active, warning };
  }
  const version = highest(own.versions, constraint.range);
  if (version !== undefined) return { status: 'satisfied', version, warning };
  const there = own.versions.toSorted(compareVersions).reverse().slice(0, NAMED);
  return unsatisfied(
    there.length === 0
      ? `no version satisfies ${text}: the environment has received none`
      : `no version satisfies ${text}: the highest that the environment received are ${there.join(', ')}`,
  );
}

/** Why a constraint is not recommended; null where nothing speaks against it. */
export function warningOf(constraint: Constraint, text: string): string | null {
  if (!('latest' in constraint)) return null;
  return `${text} moves with every promotion: name a version or a range`;
}

/** A published version above the one that a consumer takes. `allowed`: its constraint takes it once the environment receives it. */
export type Update = {
  readonly version: string;
  readonly allowed: boolean;
  readonly change: 'major' | 'minor' | 'patch' | 'prerelease';
};

/** Published versions above `taken` (all of them where nothing is taken), lowest first. Prereleases only where the constraint takes them. */
export function updatesOf(
  text: string,
  taken: string | undefined,
  published: readonly string[],
): readonly Update[] {
  const constraint = parseConstraint(text);
  const takes = (version: string): boolean =>
    'latest' in constraint || ('range' in constraint && isAllowed(version, constraint.range));
  return published
    .filter((version) => taken === undefined || compareVersions(version, taken) > 0)
    .filter((version) => takes(version) || !version.includes('-'))
    .toSorted(compareVersions)
    .map((version) => ({ version, allowed: takes(version), change: changeTo(version, taken) }));
}

function changeTo(version: string, taken: string | undefined): Update['change'] {
  if (version.includes('-')) return 'prerelease';
  switch (taken === undefined ? 'major' : diff(taken, version)) {
    case 'major':
    case 'premajor':
      return 'major';
    case 'minor':
    case 'preminor':
      return 'minor';
    case 'patch':
    case 'prepatch':
    case 'prerelease':
    case 'release':
      return 'patch';
    case null:
      return 'patch';
    default:
      return 'major';
  }
}

/** Consumers of an artifact in an environment whose constraint would not take a version there. */
export function brokenBy(
  consumers: readonly Consumer[],
  {
    artifact,
    environment,
    version,
  }: { readonly artifact: string; readonly environment: string; readonly version: string },
): readonly Consumer[] {
  return consumers.filter((one) => {
    if (one.artifact !== artifact || one.environment !== environment) return false;
    const constraint = parseConstraint(one.constraint);
    return 'range' in constraint ? !isAllowed(version, constraint.range) : 'invalid' in constraint;
  });
}
