import type { ApprovalPolicy, ApprovalPolicyFields } from '../../domain/catalog/approval-policy.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { durationMilliseconds } from '../../domain/instant.ts';
import { EVERY_ENVIRONMENT, LONGEST_EXPIRY } from '../../domain/policy/merge.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** A policy without what the store says of it. */
export type CheckedPolicy = Omit<ApprovalPolicy, 'id' | 'version' | 'created_at' | 'updated_at'>;

/** A policy that can be met and names environments that are there, by their names. */
export function checkedPolicy(
  environments: readonly Environment[],
  { link_only, ...fields }: ApprovalPolicyFields,
): CheckedPolicy | Refusal {
  const named = namesOf(environments, fields.environments);
  if ('refused' in named) return named;
  const { groups, expires_after } = fields;
  if (new Set(groups.map(({ group }) => group)).size !== groups.length) {
    return wrong('groups', 'must name each group once');
  }
  const length = durationMilliseconds(expires_after);
  if (length === undefined || length <= 0 || length > LONGEST) {
    return wrong(
      'expires_after',
      `must be a duration without years and months, of at most ${LONGEST_EXPIRY}`,
    );
  }
  if (link_only === true) {
    const guarded = concerned(environments, { environments: named.names }).find((one) => one.protected);
    if (guarded !== undefined) return wrong('link_only', `must be false: ${guarded.name} is protected`);
  }
  return { ...fields, environments: named.names, ...(link_only === true ? { link_only } : {}) };
}

/** The environments that a policy concerns now. One whose environment was deleted since concerns nothing there. */
export function concerned(
  environments: readonly Environment[],
  { environments: named }: Pick<ApprovalPolicy, 'environments'>,
): readonly Environment[] {
  if (named.includes(EVERY_ENVIRONMENT)) return environments;
  return environments.filter(({ name, aliases }) => [name, ...aliases].some((one) => named.includes(one)));
}

const LONGEST = durationMilliseconds(LONGEST_EXPIRY) ?? 0;

function namesOf(
  environments: readonly Environment[],
  given: readonly string[],
): { readonly names: readonly string[] } | Refusal {
  const names = new Set<string>();
  for (const one of given) {
    const name = one === EVERY_ENVIRONMENT ? one : findEnvironment(environments, one)?.name;
    if (name === undefined) {
      return refuse('unknown_environment', `there is no environment ${one}`, { name: one });
    }
    if (names.has(name)) return wrong('environments', 'must name each environment once');
    names.add(name);
  }
  return { names: [...names] };
}

function wrong(field: string, problem: string): Refusal {
  return refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
}
