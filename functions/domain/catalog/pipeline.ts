import { defaultGate } from '../gates/default-gate.ts';
import { type Refusal, refuse } from '../refusal.ts';
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

/**
 * Whether a promotion may go from one environment to another, each given by name or alias: only from one rank to the next.
 * A refusal to skip carries `missing_stages`, the environments between, in pipeline order.
 */
export function checkHop(
  environments: readonly Environment[],
  source: string | undefined,
  target: string,
): Refusal | undefined {
  if (source === undefined) {
    const known = findEnvironment(environments, target) !== undefined;
    return known ? withoutSource(target) : unknownEnvironment(target, 'target_environment');
  }
  const from = findEnvironment(environments, source);
  if (from === undefined) return unknownEnvironment(source, 'source_environment');
  const to = findEnvironment(environments, target);
  if (to === undefined) return unknownEnvironment(target, 'target_environment');
  if (from.name === to.name) {
    return refuse('invalid_transition', `${from.name} cannot be promoted to itself`, { missing_stages: [] });
  }
  if (from.rank >= to.rank) {
    return refuse('invalid_transition', `${to.name} does not come after ${from.name}`, {
      missing_stages: [],
    });
  }
  const missing = inOrder(environments)
    .filter(({ rank }) => rank > from.rank && rank < to.rank)
    .map(({ name }) => name);
  if (missing.length === 0) return undefined;
  const between = missing.join(', ');
  return refuse('missing_stages', `from ${from.name} to ${to.name} it must pass ${between}`, {
    missing_stages: missing,
  });
}

/** No source was named, and the pipeline tells none. */
const withoutSource = (target: string): Refusal =>
  refuse(
    'unknown_environment',
    `no single environment comes before ${target} in the pipeline: name the source, or another target`,
    { field: 'source_environment' },
  );

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

function unknownEnvironment(name: string, field: string): Refusal {
  return refuse('unknown_environment', `there is no environment ${name}`, { field });
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
