import { type Refusal, refuse } from '../refusal.ts';
import type { Environment } from './environment.ts';
import { findEnvironment, inOrder } from './pipeline.ts';

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

function unknownEnvironment(name: string, field: string): Refusal {
  return refuse('unknown_environment', `there is no environment ${name}`, { field });
}
