import {
  type ApprovalPolicy,
  DEFAULT_EXPIRY,
  DEFAULT_SEPARATION,
  type SeparationOfDuties,
} from '../catalog/approval-policy.ts';
import type { Environment } from '../catalog/environment.ts';
import type { Rule } from '../catalog/rule.ts';
import { digest } from '../digest.ts';
import { defaultGate } from '../gates/default-gate.ts';
import type { GateSetting } from '../gates/gate.ts';
import { durationMilliseconds } from '../instant.ts';
import type { PromotionType } from '../promotion-type.ts';
import type { Kind } from '../subject.ts';
import type { Requirements } from './requirements.ts';

/** An environment name that a policy may use for all of them. */
export const EVERY_ENVIRONMENT = '*';
/** The longest that approvals may hold: a waiting workflow execution lives one year. */
export const LONGEST_EXPIRY = 'P300D';
export type PolicySources = {
  readonly environment: Environment;
  readonly rules: readonly Rule[];
  readonly policies: readonly ApprovalPolicy[];
  readonly kind: Kind;
  /** Absent: a promotion. */
  readonly type?: PromotionType;
  /** The environment promoted from; given, rules about other hops to this environment do not count. */
  readonly source?: string;
};

/**
 * What a promotion of a kind to an environment needs: the strictest of what the environment, its active rules and its policies ask.
 * The order of rules and policies never matters. Policies replace the defaults of separation and expiry; beside that, adding a
 * rule or a policy never weakens anything. Lock, freezes, aliases and suffix are no part of it. An environment may say that rollbacks
 * need no approval, or do: that goes before its protection and rules, never before a policy.
 */
export function mergeRequirements(sources: PolicySources): Requirements {
  const { environment, kind } = sources;
  const back = sources.type === 'rollback' ? environment.rollback : undefined;
  const rules =
    back?.requires_approval === false ? [] : sources.rules.filter((rule) => concernsHop(rule, sources));
  const policies = sources.policies.filter((policy) => concernsEnvironment(policy, environment));
  const groups = mergeGroups(policies);
  const requires_approval =
    (back?.requires_approval ?? environment.protected) ||
    groups.length > 0 ||
    rules.some((rule) => rule.requires_approval) ||
    policies.some((policy) => policy.required_approvers > 0);
  const merged = {
    requires_approval,
    required_approvers: requires_approval
      ? Math.max(1, ...[...rules, ...policies].map(({ required_approvers }) => required_approvers))
      : 0,
    groups,
    separation_of_duties: mergeSeparation(policies),
    expires_after: shortest(policies.map(({ expires_after }) => expires_after)),
    require_comment: policies.some(({ require_comment }) => require_comment),
    ...linkOnly(environment, policies),
    gates: gatesFor(environment, kind),
    protected: environment.protected,
  };
  return { ...merged, policy_digest: digest('sluice/policy/v1', merged) };
}

function concernsHop(rule: Rule, { environment, source }: PolicySources): boolean {
  if (rule.status !== 'active' || !isNamed(environment, rule.target_environment)) return false;
  return source === undefined || rule.source_environment === source;
}

function concernsEnvironment(policy: ApprovalPolicy, environment: Environment): boolean {
  return policy.environments.some((name) => name === EVERY_ENVIRONMENT || isNamed(environment, name));
}

function isNamed(environment: Environment, name: string): boolean {
  return environment.name === name || environment.aliases.includes(name);
}

function mergeGroups(policies: readonly ApprovalPolicy[]): Requirements['groups'] {
  const quotas = new Map<string, number>();
  for (const { group, min } of policies.flatMap((policy) => policy.groups)) {
    if (min > 0) quotas.set(group, Math.max(min, quotas.get(group) ?? 0));
  }
  return [...quotas].map(([group, min]) => ({ group, min })).sort((a, b) => (a.group < b.group ? -1 : 1));
}

function mergeSeparation(policies: readonly ApprovalPolicy[]): SeparationOfDuties {
  if (policies.length === 0) return DEFAULT_SEPARATION;
  const asked = (of: (separation: SeparationOfDuties) => boolean) =>
    policies.some(({ separation_of_duties }) => of(separation_of_duties));
  return {
    requester: asked(({ requester }) => requester),
    author: asked(({ author }) => author),
    previous_promoter: asked(({ previous_promoter }) => previous_promoter),
    evidence_producer: asked(({ evidence_producer }) => evidence_producer),
  };
}

/** Absent unless it holds, so that the digests of all other policies are what they were before there was such a word. */
function linkOnly(
  { protected: isProtected }: Environment,
  policies: readonly ApprovalPolicy[],
): Pick<Requirements, 'link_only'> {
  const all = policies.length > 0 && policies.every(({ link_only }) => link_only === true);
  return all && !isProtected ? { link_only: true } : {};
}

/** A duration that cannot be read counts as the default: parsed where policies are written, so this is a second wall. */
function shortest(durations: readonly string[]): string {
  if (durations.length === 0) return DEFAULT_EXPIRY;
  const length = (text: string) => durationMilliseconds(text) ?? Number.POSITIVE_INFINITY;
  const readable = durations.map((text) =>
    durationMilliseconds(text) === undefined ? DEFAULT_EXPIRY : text,
  );
  return [LONGEST_EXPIRY, ...readable].reduce((a, b) => {
    if (length(a) === length(b)) return a < b ? a : b;
    return length(b) < length(a) ? b : a;
  });
}

/** The gates that judge this kind, in the environment's order; policy compliance is always among them, first and blocking. */
function gatesFor(environment: Environment, kind: Kind): readonly GateSetting[] {
  const policy = environment.gates.find(({ name }) => name === POLICY);
  const others = environment.gates.filter((gate) => gate.name !== POLICY && gate.applies_to.includes(kind));
  return [{ ...(policy ?? defaultGate(POLICY)), mode: 'block' }, ...others];
}

const POLICY = 'policy_compliance';
