import { policyAuthority } from '../../domain/authority/hops.ts';
import {
  type ApprovalPolicy,
  type ApprovalPolicyFields,
  policy,
} from '../../domain/catalog/approval-policy.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { checkedPolicy, concerned } from './approval-policy-fields.ts';
import { type Beside, type Description, inCatalog, raised } from './description.ts';
import { serializePipeline } from './serialize-pipeline.ts';

/** Approval policies. Writing one raises the guards of all that it concerns: what is being executed there decides again. */
export const approvalPolicies: Description<ApprovalPolicy, ApprovalPolicyFields> = {
  type: 'policy',
  words: 'approval policy',
  actions: { read: 'read', write: 'manage_catalog' },
  limit: 100,
  storage: inCatalog('policy', (item) => ({ type: 'policy', item })),
  prefix: 'pol',
  idOf: ({ id }) => id,
  scope: (before, after) => named(before, after),
  asked: (_, fields, stored) =>
    (fields?.environments ?? []).filter((name) => !stored?.environments.includes(name)),
  make({ environments, fields, stored, ref, stamp }) {
    // A policy may outlive an environment that it names: that name falls out with the next change.
    const gone = (name: string) =>
      name !== EVERY_ENVIRONMENT &&
      stored?.environments.includes(name) === true &&
      findEnvironment(environments, name) === undefined;
    const left = fields.environments.filter((name) => !gone(name));
    const checked = checkedPolicy(environments, { ...fields, environments: left });
    return isRefusal(checked) ? checked : { ...checked, id: ref.id, ...stamp };
  },
  beside: guards,
  authority: policyAuthority,
  recorded: policy.recorded,
};

/** A policy for every environment also takes a turn in the pipeline: one that is being created would otherwise keep its guard. */
function guards({ environments, before, after }: Beside<ApprovalPolicy>) {
  const policies = [before, after].filter((policy) => policy !== undefined);
  const names = policies.flatMap((policy) => concerned(environments, policy)).map(({ name }) => name);
  const everywhere = named(before, after).includes(EVERY_ENVIRONMENT);
  return [...(everywhere ? serializePipeline(environments, '') : []), ...raised(environments, names)];
}

const named = (...policies: readonly (ApprovalPolicy | undefined)[]): readonly string[] =>
  policies.flatMap((policy) => policy?.environments ?? []);
