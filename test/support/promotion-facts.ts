import type { Environment } from '../../functions/domain/catalog/environment.ts';
import { DEFAULT_PIPELINE } from '../../functions/domain/catalog/pipeline.ts';
import { type Digest, digest } from '../../functions/domain/digest.ts';
import type { Evidence } from '../../functions/domain/gates/evidence.ts';
import type { Actor, Principal } from '../../functions/domain/identity/principal.ts';
import { mergeRequirements, type PolicySources } from '../../functions/domain/policy/merge.ts';
import type { Requirements } from '../../functions/domain/policy/requirements.ts';
import type {
  AssessmentFacts,
  Command,
  ExecutionFacts,
  SeparationFacts,
} from '../../functions/domain/promotion/commands.ts';
import type { Plan } from '../../functions/domain/promotion/manifest.ts';
import type { VerificationTerms } from '../../functions/domain/promotion/verification-terms.ts';

/** The moment most specifications begin. */
export const NOON = '2026-11-21T12:00:00.000Z';

export const person = (name: string): Actor => ({
  subject: `sub-${name}`,
  email: `${name}@acme.com`,
  kind: 'person',
});
export const dev = person('dev');
export const alice = person('alice');
export const bob = person('bob');

/** A digest that stands for some content. */
export const contentOf = (name: string): Digest => digest('sluice/content/v1', name);

/** What the agent runs where the promotions of these specifications come from. */
export const PROMOTED = contentOf('agent-123 as built');

/** A plan of an agent promotion to production onto a head that runs `base`. */
export function planOn(base: Digest | null = null, version = base === null ? 0 : 1, to = PROMOTED): Plan {
  const change_set = [{ key: 'production#gw-789', from: base, to }];
  return {
    source: { environment: 'staging', digest: to, deployment_id: 'dep-456', recorded: false },
    base: { digest: base, version },
    change_set_digest: digest('sluice/change-set/v1', change_set),
    change_set,
  };
}

/** An environment of the default pipeline, altered. */
export function environmentNamed(name: string, changes: Partial<Environment> = {}): Environment {
  const environment = DEFAULT_PIPELINE(NOON).find((candidate) => candidate.name === name);
  if (environment === undefined) throw new Error(`${name} is not in the default pipeline`);
  return { ...environment, ...changes };
}

/** Requirements merged from the default production, altered sources, then altered once more (with a policy digest to match). */
export function requirementsOf(
  sources: Partial<PolicySources> = {},
  changes: Partial<Requirements> = {},
): Requirements {
  const environment = environmentNamed('production');
  const merged = mergeRequirements({ environment, rules: [], policies: [], kind: 'agent', ...sources });
  const { policy_digest: _, ...asked } = { ...merged, ...changes };
  return { ...asked, policy_digest: digest('sluice/policy/v1', asked) };
}

/** What nobody has to approve. */
export const NO_APPROVAL: Partial<Requirements> = {
  requires_approval: false,
  required_approvers: 0,
  protected: false,
};

export function assessmentFacts(changes: Partial<AssessmentFacts> = {}): AssessmentFacts {
  return { plan: planOn(), requirements: requirementsOf(), evidence: [], conditions: {}, ...changes };
}

export const NOBODY: Exclude<SeparationFacts, 'unreadable'> = {
  authors: [],
  previous_promoters: [],
  evidence_producers: [],
};

/** Facts of an execution whose head is the one the plan was made on. */
export function executionFacts(changes: Partial<ExecutionFacts> = {}): ExecutionFacts {
  const facts = assessmentFacts(changes);
  const { digest: at, version } = facts.plan.base;
  return { separation: NOBODY, head: { digest: at, version }, ...facts, ...changes };
}

/** A report of the gate `tests` that passed, altered. */
export function testReport(changes: Partial<Evidence> = {}): Evidence {
  return {
    gate: 'tests',
    format: 'junit',
    subject_digest: PROMOTED,
    produced_at: '2026-11-21T10:00:00.000Z',
    received_at: '2026-11-21T10:01:00.000Z',
    producer: { subject: 'ci', email: '', kind: 'machine' },
    result: { passed: true, total: 10 },
    document_digest: contentOf('a report'),
    ...changes,
  };
}

/** A report of the gate `smoke` about what `prom-1` made of production, by default that it does not hold. */
export function smokeReport(changes: Partial<Evidence> = {}): Evidence {
  return testReport({
    gate: 'smoke',
    promotion_id: 'prom-1',
    produced_at: '2026-11-21T12:10:00.000Z',
    received_at: '2026-11-21T12:10:00.000Z',
    result: { passed: false },
    ...changes,
  });
}

/** An hour for the gate `smoke`, and what fails is rolled back. */
export const SMOKE: VerificationTerms = {
  gate: { name: 'smoke', mode: 'block', applies_to: ['agent'] },
  within: 'PT1H',
  on_failure: 'rollback',
  protected: false,
};

/** An approver as the directory knows them. */
export const approver = ({ subject, email }: Actor, changes: Partial<Principal> = {}): Principal => ({
  tenant: 'acme',
  subject,
  email,
  kind: 'person',
  groups: [],
  grants: [{ role: 'approver' }],
  ...changes,
});
const STILL_THERE = ['alice', 'bob', 'carol', 'dave', 'erin'].map((name) =>
  approver(person(name), { groups: ['security', 'release', 'platform', 'ops'] }),
);

/** The commands, with the facts of an unremarkable day. */
export const asks = {
  request: (
    changes: Partial<Extract<Command, { readonly type: 'request' }>> = {},
  ): Extract<Command, { readonly type: 'request' }> => ({
    type: 'request',
    id: 'prom-1',
    tenant: 'acme',
    promotion_type: 'promotion',
    subject: { kind: 'agent', name: 'agent-123' },
    source_environment: 'staging',
    target_environment: 'production',
    target_slot: 'production#gw-789',
    request: {
      kind: 'agent',
      agent_id: 'agent-123',
      source_deployment_id: 'dep-456',
      target_gateway_id: 'gw-789',
    },
    facts: assessmentFacts(),
    ...changes,
  }),
  assess: (facts: Partial<AssessmentFacts> = {}): Command => ({
    type: 'assess',
    facts: assessmentFacts(facts),
  }),
  attachEvidence: (facts: Partial<AssessmentFacts> = {}): Command => ({
    type: 'attach_evidence',
    gate: 'tests',
    evidence: contentOf('evidence'),
    facts: assessmentFacts(facts),
  }),
  approve: (changes: Partial<Extract<Command, { readonly type: 'approve' }>> = {}): Command => ({
    type: 'approve',
    groups: [],
    separation: NOBODY,
    weakened: [],
    ...changes,
  }),
  reject: (reason = 'Tests not passing on staging'): Command => ({ type: 'reject', reason }),
  requestChanges: (reason = 'Raise the limit first'): Command => ({ type: 'request_changes', reason }),
  resubmit: (facts: Partial<AssessmentFacts> = {}): Command => ({
    type: 'resubmit',
    facts: assessmentFacts(facts),
  }),
  schedule: (at: string, on_missed: 'execute' | 'fail' = 'execute'): Command => ({
    type: 'schedule',
    at,
    on_missed,
  }),
  unschedule: (): Command => ({ type: 'unschedule' }),
  requestExecution: (facts: Partial<ExecutionFacts> = {}): Command => ({
    type: 'request_execution',
    facts: executionFacts(facts),
    weakened: [],
  }),
  startExecution: (
    facts: Partial<ExecutionFacts> = {},
    approvers = STILL_THERE,
    verifies?: VerificationTerms,
  ): Command => ({
    ...(verifies === undefined ? {} : { verifies }),
    type: 'start_execution',
    deployment_id: 'dep-900',
    facts: executionFacts(facts),
    approvers,
    weakened: [],
  }),
  complete: (): Command => ({ type: 'complete', revision: 1 }),
  fail: (): Command => ({
    type: 'fail',
    code: 'gateway_refused',
    message: 'The gateway said no.',
    technical: '422',
    target_state: 'unchanged',
  }),
  cancel: (): Command => ({ type: 'cancel' }),
  expire: (): Command => ({ type: 'expire' }),
  failUnknown: (): Command => ({
    type: 'fail',
    code: 'outcome_unknown',
    message: 'Nobody knows.',
    technical: '504',
    target_state: 'unknown',
  }),
  settleOutcome: (): Command => ({ type: 'settle_outcome', outcome: 'live' }),
  reverseOutcome: (): Command => ({
    type: 'reverse_outcome',
    outcome: 'rolled_back',
    message: 'Errors rose.',
  }),
  rollBack: (): Command => ({ type: 'roll_back', by: 'prom-2' }),
  verify: (...evidence: readonly Evidence[]): Command => ({ type: 'verify', evidence }),
  beginRollback: (): Command => ({ type: 'begin_rollback', promotion_id: 'prom-2' }),
  declineRollback: (): Command => ({ type: 'decline_rollback', reason_code: 'target_moved' }),
};
