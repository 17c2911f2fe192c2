import type { Deployment } from '../../functions/domain/deployment/deployment.ts';
import { type Digest, digestOfBytes } from '../../functions/domain/digest.ts';
import type { Actor } from '../../functions/domain/identity/principal.ts';
import type { PromotionEvent, StoredEvent } from '../../functions/domain/promotion/events.ts';
import type { PromotionState, Seal } from '../../functions/domain/promotion/state.ts';
import type { Head, Revision, Slot, Subject } from '../../functions/domain/subject.ts';
import type { WorkflowRecord, Write } from '../../functions/ports/transaction.ts';

/** Domain values as the table meets them: every optional member is set somewhere here. */
export const AT = '2026-11-21T09:00:00.000Z';

/** The instant so many seconds after `AT`. */
export const later = (seconds: number): string => new Date(Date.parse(AT) + seconds * 1000).toISOString();

export const sha = (text: string): Digest => digestOfBytes(text);

export const DEV: Actor = {
  subject: '550e8400-e29b-41d4-a716-446655440001',
  email: 'dev@acme.com',
  kind: 'person',
};
export const BOT: Actor = { subject: 'mach-1', email: '', kind: 'machine', owner: DEV.subject };

export const AGENT: Subject = { kind: 'agent', name: 'agent-123' };
export const SLOT: Slot = { subject: AGENT, environment: 'staging', gateway: 'gateway-staging-1' };

export function seal(seed = 'one'): Seal {
  const source = sha(`source ${seed}`);
  const change_set_digest = sha(`changes ${seed}`);
  const policy_digest = sha(`policy ${seed}`);
  return {
    manifest: {
      subject: AGENT,
      type: 'promotion',
      source: { environment: 'development', digest: source },
      target: { environment: 'staging', slot: 'staging#gateway-staging-1' },
      change_set_digest,
      policy_digest,
      options: { execution: 'automatic' },
    },
    manifest_digest: sha(`manifest ${seed}`),
    plan: {
      source: { environment: 'development', digest: source, deployment_id: 'dep-456', recorded: true },
      base: { digest: null, version: 0 },
      change_set_digest,
      change_set: [{ key: 'agent#agent-123#staging#gateway-staging-1', from: null, to: source }],
    },
    requirements: {
      requires_approval: true,
      required_approvers: 1,
      groups: [{ group: 'release', min: 1 }],
      separation_of_duties: {
        requester: true,
        author: true,
        previous_promoter: false,
        evidence_producer: false,
      },
      expires_after: 'P7D',
      require_comment: false,
      gates: [
        {
          name: 'tests',
          mode: 'warn',
          applies_to: ['agent'],
          format: 'junit',
          max_age: 'P7D',
          producers: ['ci'],
          timeout_seconds: 60,
          thresholds: { any: [{ not: { field: 'tests.pass_rate', op: 'lt', value: 95 } }] },
        },
      ],
      protected: false,
      policy_digest,
    },
  };
}

type Common = Omit<PromotionState & { readonly status: 'blocked' }, 'status' | 'blocked_by'>;

function common(tenant: string, id: string, seq: number): Common {
  return {
    id,
    tenant,
    type: 'promotion',
    subject: AGENT,
    source_environment: 'development',
    target_environment: 'staging',
    target_slot: 'staging#gateway-staging-1',
    request: {
      kind: 'agent',
      agent_id: 'agent-123',
      source_deployment_id: 'dep-456',
      target_gateway_id: 'gateway-staging-1',
    },
    requester: DEV,
    requested_at: AT,
    execution: 'automatic',
    seal: seal(),
    gates: [
      {
        name: 'tests',
        required: true,
        mode: 'warn',
        status: 'WARNING',
        reason_code: 'missing',
        evidence: [sha('e')],
      },
    ],
    decision_digest: sha('decision'),
    approvals: [
      { actor: DEV, groups: ['release'], manifest_digest: sha('manifest one'), at: AT, comment: 'ship' },
    ],
    schedule: { at: later(60), on_missed: 'fail' },
    rule_id: 'rule-1',
    reason_code: 'target_moved',
    expires_at: later(3600),
    seq,
    chain: sha(`chain ${seq}`),
  };
}

/** A promotion in `status`, at version `seq`; `change` alters what every promotion has. */
export function promotion(
  tenant: string,
  id: string,
  seq: number,
  change: Partial<Common> = {},
  status: PromotionState['status'] = 'pending',
): PromotionState {
  const all = { ...common(tenant, id, seq), ...change };
  const approved = { approved_at: later(1), approved_by: DEV };
  const started = { ...approved, started_at: later(2), fence: 3, deployment_id: 'dep-9', executor: BOT };
  const closed = { completed_at: later(3) };
  switch (status) {
    case 'pending':
      return { ...all, status, waiting_for: 'changes', changes_requested: 'say why' };
    case 'blocked':
      return { ...all, status, blocked_by: ['tests'] };
    case 'approved':
      return { ...all, ...approved, status, execution_requested: DEV };
    case 'scheduled':
      return { ...all, ...approved, status, schedule: { at: later(60), on_missed: 'execute' } };
    case 'executing':
      return { ...all, ...started, status };
    case 'completed':
      return { ...all, ...started, ...closed, status };
    case 'rolled_back':
      return { ...all, ...started, ...closed, status, rolled_back_by: 'prom-2' };
    case 'failed':
      return { ...all, ...started, ...closed, status, failure: FAILURE };
    case 'rejected':
      return { ...all, ...closed, status, closed_by: 'person', reason: 'no', rejected_by: DEV };
    case 'cancelled':
      return { ...all, ...closed, status, cancelled_by: DEV, reason: 'late' };
    default:
      return status satisfies never;
  }
}

const FAILURE = {
  code: 'refused',
  message: 'it said no',
  technical: 'HTTP 400',
  target_state: 'unchanged',
} as const;

export function stored(seq: number, event: PromotionEvent = { type: 'ExecutionRequested' }): StoredEvent {
  return { v: 1, seq, at: later(seq), actor: DEV, prev: seq === 1 ? null : sha(`chain ${seq - 1}`), event };
}

export const IDLE: WorkflowRecord = { work: [], attempt: 0, published: 0 };

/** The write that takes a promotion from version `expected` on by as many events as given. */
export function promotionWrite(
  state: PromotionState,
  expected: number,
  workflowRecord: WorkflowRecord = IDLE,
): Extract<Write, { write: 'promotion' }> {
  const events = Array.from({ length: state.seq - expected }, (_, index) => stored(expected + index + 1));
  return { write: 'promotion', state, workflowRecord, events, expected };
}

export function head(version: number, change: Partial<Head> = {}): Head {
  return {
    slot: SLOT,
    version,
    revision: 1,
    digest: sha('live'),
    deployment_id: 'dep-9',
    chain: sha('revision'),
    claim: { promotion: 'prom-1', fence: version, at: AT },
    updated_at: AT,
    ...change,
  };
}

export function revision(number: number, change: Partial<Revision> = {}): Revision {
  return {
    slot: SLOT,
    number,
    digest: sha(`revision ${number}`),
    previous: number === 1 ? null : sha(`revision ${number - 1}`),
    cause: { by: 'execute', promotion_id: 'prom-1' },
    actor: { subject: DEV.subject, kind: 'person' },
    at: AT,
    deployment_id: 'dep-9',
    prev: null,
    ...change,
  };
}

export function deployment(id: string, version = 1, change: Partial<Deployment> = {}): Deployment {
  return {
    id,
    subject: AGENT,
    digest: sha('live'),
    environment: 'staging',
    environment_alias: 'stage',
    gateway_id: 'gateway-staging-1',
    version_label: '1.2.3',
    status: 'DEPLOYED',
    deployed_at: AT,
    completed_at: AT,
    live_at: AT,
    recorded: true,
    recorded_by: BOT,
    reported_by: DEV,
    promotion_id: 'prom-1',
    failure: 'none',
    metrics: { tests: { pass_rate: 100 }, metrics: { error_rate: 0.01 } },
    details: { notes: ['a', null, true, { deep: 1.5 }] },
    created_at: AT,
    version,
    ...change,
  };
}
