import type { ApprovalPolicy, SeparationOfDuties } from '../../domain/catalog/approval-policy.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { durationMilliseconds } from '../../domain/instant.ts';
import {
  DEFAULT_EXPIRY,
  DEFAULT_SEPARATION,
  EVERY_ENVIRONMENT,
  LONGEST_EXPIRY,
} from '../../domain/policy/merge.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** What a caller says of a policy. Environments are names, aliases or `*`. */
export type ApprovalPolicyFields = {
  readonly name: string;
  readonly environments: readonly string[];
  readonly required_approvers?: number;
  readonly groups?: ApprovalPolicy['groups'];
  readonly separation_of_duties?: Partial<SeparationOfDuties>;
  readonly expires_after?: string;
  readonly require_comment?: boolean;
  readonly link_only?: boolean;
};

/** A policy without what the store says of it. */
export type CheckedPolicy = Omit<ApprovalPolicy, 'id' | 'version' | 'created_at' | 'updated_at'>;

/**
 * A policy that can be met and names environments that are there, by their names.
 * Absent: one approver, no groups, separation from the requester alone, `DEFAULT_EXPIRY`, no comment.
 */
export function checkedPolicy(
  environments: readonly Environment[],
  fields: ApprovalPolicyFields,
): CheckedPolicy | Refusal {
  const named = namesOf(environments, fields.environments);
  if ('refused' in named) return named;
  const groups = fields.groups ?? [];
  if (new Set(groups.map(({ group }) => group)).size !== groups.length) {
    return wrong('groups', 'must name each group once');
  }
  const expires_after = fields.expires_after ?? DEFAULT_EXPIRY;
  const length = durationMilliseconds(expires_after);
  if (length === undefined || length <= 0 || length > LONGEST) {
    return wrong(
      'expires_after',
      `must be a duration without years and months, of at most ${LONGEST_EXPIRY}`,
    );
  }
  if (fields.link_only === true) {
    const guarded = concerned(environments, { environments: named.names }).find((one) => one.protected);
    if (guarded !== undefined) return wrong('link_only', `must be false: ${guarded.name} is protected`);
  }
  return {
    name: fields.name,
    environments: named.names,
    required_approvers: fields.required_approvers ?? 1,
    groups,
    separation_of_duties: { ...DEFAULT_SEPARATION, ...fields.separation_of_duties },
    expires_after,
    require_comment: fields.require_comment ?? false,
    ...(fields.link_only === true ? { link_only: true } : {}),
  };
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
