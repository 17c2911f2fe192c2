import { globMatches } from '../config-tree/glob.ts';
import { addDuration } from '../instant.ts';
import type { Retention } from './settings.ts';
import { type ArtifactVersion, compareVersions } from './version.ts';

/** Why a version is kept. */
export type Keeping = 'newest' | 'young' | 'protected' | 'active' | 'pinned' | 'history' | 'claimed';

/** What names versions, by digest (`active`, `claimed`, `history`) and by version (`pinned`). */
export type Naming = {
  readonly active: ReadonlySet<string>;
  /** What an execution under way brings somewhere. */
  readonly claimed: ReadonlySet<string>;
  /** What an environment received, or went away from, within the window. */
  readonly history: ReadonlySet<string>;
  readonly pinned: ReadonlySet<string>;
};

/** A version, and why it is kept; one without a reason goes. */
export type Judged = { readonly version: ArtifactVersion; readonly because: readonly Keeping[] };

/** Whether something happened within the days that are kept. */
export const isWithin = (at: string, { keep_days }: Retention, now: string): boolean =>
  addDuration(at, `P${keep_days}D`) >= now;

/** Judges every version of an artifact by its retention, highest first. A glob names a version by its label or without `v`. */
export function judgeRetention(
  versions: readonly ArtifactVersion[],
  rule: Retention,
  named: Naming,
  now: string,
): readonly Judged[] {
  return versions
    .toSorted((a, b) => compareVersions(b.version, a.version))
    .map((version, at) => {
      const { label, digest, published_at } = version;
      const reasons: readonly [Keeping, boolean][] = [
        ['newest', at < rule.keep_versions],
        ['young', isWithin(published_at, rule, now)],
        [
          'protected',
          rule.protected.some((glob) => [label, version.version].some((text) => globMatches(glob, text))),
        ],
        ['active', named.active.has(digest)],
        ['claimed', named.claimed.has(digest)],
        ['history', named.history.has(digest)],
        ['pinned', named.pinned.has(version.version)],
      ];
      return { version, because: reasons.flatMap(([reason, holds]) => (holds ? [reason] : [])) };
    });
}
