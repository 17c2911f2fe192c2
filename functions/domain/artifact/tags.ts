import type { Environment } from '../catalog/environment.ts';

/** What a tag is made of (OCI distribution specification, "Pulling manifests"). */
export const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

export const isTag = (text: string): boolean => TAG.test(text);

type Suffixed = Pick<Environment, 'tag_suffix'>;

/** The tag that never moves: which version an environment received. */
export const versionTag = (label: string, { tag_suffix }: Suffixed): string => `${label}-${tag_suffix}`;

/** The tag that never moves and says that an environment went back to a version. */
export const rollbackTag = (label: string, environment: Suffixed): string =>
  `${versionTag(label, environment)}-rollback`;

/** The tag that moves: what is active in an environment. */
export const latestTag = ({ tag_suffix }: Suffixed): string => `latest-${tag_suffix}`;

/** Words that a prerelease may not end with, so that `1.2.3-prod` is always a tag and never a version. */
export function namesEnvironment(
  version: string,
  environments: readonly Pick<Environment, 'name' | 'aliases' | 'tag_suffix'>[],
): boolean {
  const words = environments.flatMap(({ name, aliases, tag_suffix }) => [name, tag_suffix, ...aliases]);
  return [...words, 'rollback'].some((word) => version.toLowerCase().endsWith(`-${word.toLowerCase()}`));
}
