import type { ApprovalPolicy } from '../catalog/approval-policy.ts';
import { findEnvironment } from '../catalog/pipeline.ts';
import type { Rule } from '../catalog/rule.ts';
import { EVERY_ENVIRONMENT } from '../policy/merge.ts';
import { implies } from '../policy/weakening/implies.ts';
import { type Governing, weakenedHops } from '../policy/weakening/weakening.ts';
import { KINDS } from '../subject.ts';
import type { Authority, Merged, Step, World } from './class.ts';
import { redirects } from './find.ts';

/** Compares what every hop demands, merged from all that governs it, as it stands and as it will be. */
export function mergedHops<T>(becomes: (world: Governing, step: Step<T>) => Partial<Governing>): Merged<T> {
  return {
    is: 'weakens',
    compares: 'what the environment, its rules and its policies demand together of each hop, kind and type',
    find: (step, world) => weakenedHops(world, { ...world, ...becomes(world, step) }, world.machines),
  };
}

/** A list as it becomes when one item of it is written, or is no more. */
export function replaced<T>(all: readonly T[], { before, after }: Step<T>, idOf: (item: T) => string) {
  const others = all.filter((one) => before === undefined || idOf(one) !== idOf(before));
  return after === undefined ? others : [...others, after];
}

/** The environments of some names, aliases or `*`, by name. */
export function named({ environments }: Pick<World, 'environments'>, names: readonly string[]) {
  if (names.includes(EVERY_ENVIRONMENT)) return environments.map(({ name }) => name);
  return names.map((name) => findEnvironment(environments, name)?.name ?? name);
}

/** Whether a rule promotes into a protected environment by itself. Into others it may be made as freely as it is asked for. */
const isAutomatic = (rule: Rule | undefined, { environments }: World): rule is Rule =>
  rule?.auto_promote === true &&
  rule.status === 'active' &&
  environments.some((one) => one.protected && one.name === rule.target_environment);

const sameHop = (a: Rule, b: Rule): boolean =>
  a.source_environment === b.source_environment && a.target_environment === b.target_environment;

/** Whether conditions are met only where others are. */
const waitsForMore = (conditions: Rule['conditions'], others: Rule['conditions']): boolean =>
  others === null || (conditions !== null && implies(conditions, others));

export const ruleAuthority: Authority<Rule> = {
  members: {
    name: 'neutral',
    source_environment: 'merged',
    target_environment: 'merged',
    requires_approval: 'merged',
    required_approvers: 'merged',
    auto_promote: [
      {
        is: 'grants',
        when: 'it promotes into a protected environment by itself, or from or to elsewhere',
        holds: ({ before, after }, world) =>
          isAutomatic(after, world) && !(before?.auto_promote === true && sameHop(before, after)),
      },
    ],
    conditions: [
      {
        is: 'grants',
        when: 'what promotes into a protected environment by itself is not known to wait for as much',
        holds: ({ before, after }, world) =>
          isAutomatic(before, world) &&
          isAutomatic(after, world) &&
          !waitsForMore(after.conditions, before.conditions),
      },
    ],
    target_gateway_id: [redirects<Rule>('target_gateway_id', 'another gateway', ['agent'])],
    status: [
      'merged',
      {
        is: 'grants',
        when: 'a rule that promotes into a protected environment by itself is switched on',
        holds: ({ before, after }, world) =>
          before?.status === 'inactive' && before.auto_promote && isAutomatic(after, world),
      },
    ],
  },
  concerns: ({ target_environment }, world) => named(world, [target_environment]),
  kinds: KINDS,
  reads: ['hops', 'machines'],
  merged: mergedHops(({ rules }, step) => ({ rules: replaced(rules, step, ({ id }) => id) })),
};

export const policyAuthority: Authority<ApprovalPolicy> = {
  members: {
    name: 'neutral',
    environments: 'merged',
    required_approvers: 'merged',
    groups: 'merged',
    separation_of_duties: 'merged',
    expires_after: 'merged',
    require_comment: 'merged',
    link_only: 'merged',
  },
  concerns: ({ environments }, world) => named(world, environments),
  kinds: KINDS,
  reads: ['hops', 'machines'],
  merged: mergedHops(({ policies }, step) => ({ policies: replaced(policies, step, ({ id }) => id) })),
};
