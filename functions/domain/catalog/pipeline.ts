import { defaultGate } from '../gates/default-gate.ts';
import type { Environment } from './environment.ts';

const STAGING = ['policy_compliance', 'tests', 'security_scan', 'signature'];
const ADVISING = ['cost_analysis', 'performance_baseline'];

/** The environment of a name or an alias. */
export function findEnvironment(
  environments: readonly Environment[],
  nameOrAlias: string,
): Environment | undefined {
  return (
    environments.find(({ name }) => name === nameOrAlias) ??
    environments.find(({ aliases }) => aliases.includes(nameOrAlias))
  );
}

/** The environment that promotes to this one; `undefined` for the first, for an unknown one, and where two share that rank. */
export function sourceBefore(environments: readonly Environment[], target: string): Environment | undefined {
  const to = findEnvironment(environments, target);
  if (to === undefined) return undefined;
  const earlier = inOrder(environments).filter(({ rank }) => rank < to.rank);
  const last = earlier.at(-1);
  return earlier.filter(({ rank }) => rank === last?.rank).length === 1 ? last : undefined;
}

/** All the names that an environment goes by; none where there is no environment. */
export function namesOf(environment: Pick<Environment, 'name' | 'aliases'> | undefined): readonly string[] {
  return environment === undefined ? [] : [environment.name, ...environment.aliases];
}

/** Environments as promotions pass them: by rank, ties by name. */
export function inOrder(environments: readonly Environment[]): readonly Environment[] {
  return environments.toSorted((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
}

/** The environments of a new tenant. */
export function DEFAULT_PIPELINE(now: string): readonly Environment[] {
  const common = { owned_keys: [], version: 1, guard: 1, created_at: now, updated_at: now };
  const gates = (names: readonly string[]) => names.map((name) => defaultGate(name));
  return [
    {
      ...common,
      name: 'development',
      aliases: ['dev'],
      rank: 1,
      protected: false,
      tag_suffix: 'dev',
      gates: gates(['policy_compliance']),
    },
    {
      ...common,
      name: 'staging',
      aliases: ['stg'],
      rank: 2,
      protected: false,
      tag_suffix: 'staging',
      gates: gates(STAGING),
    },
    {
      ...common,
      name: 'production',
      aliases: ['prod'],
      rank: 3,
      protected: true,
      tag_suffix: 'prod',
      gates: gates([...STAGING, ...ADVISING]),
    },
  ];
}
