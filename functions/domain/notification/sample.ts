import { digestOfBytes } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';
import type { StoredEvent } from '../promotion/events.ts';
import type { PromotionState } from '../promotion/state.ts';
import type { Notice } from './notice.ts';

/** What a channel is tried with: a cancelled promotion that never was, so that nobody acts on it. */
export type SampleInput = {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  readonly at: string;
};

/** A notice that looks like any other, about the agent `sample` of the environment `sample`. */
export function sampleNotice({ tenant, id, actor, at }: SampleInput): Notice {
  const digest = digestOfBytes('sample');
  const reason = 'This is a sample: nothing happened.';
  const subject = { kind: 'agent', name: 'sample' } as const;
  const target_slot = 'sample#sample';
  const promotion: PromotionState = {
    id,
    tenant,
    type: 'promotion',
    subject,
    source_environment: 'sample',
    target_environment: 'sample',
    target_slot,
    request: {
      kind: 'agent',
      agent_id: 'sample',
      source_deployment_id: 'sample',
      target_gateway_id: 'sample',
    },
    requester: actor,
    requested_at: at,
    execution: 'manual',
    seal: {
      manifest: {
        subject,
        type: 'promotion',
        source: { environment: 'sample', digest },
        target: { environment: 'sample', slot: target_slot },
        change_set_digest: digest,
        policy_digest: digest,
        options: { execution: 'manual' },
      },
      manifest_digest: digest,
      plan: {
        source: { environment: 'sample', digest, recorded: false },
        base: { digest: null, version: 0 },
        change_set_digest: digest,
        change_set: [],
      },
      requirements: {
        requires_approval: false,
        required_approvers: 0,
        groups: [],
        separation_of_duties: {
          requester: true,
          author: false,
          previous_promoter: false,
          evidence_producer: false,
        },
        expires_after: 'P7D',
        require_comment: false,
        gates: [],
        protected: false,
        policy_digest: digest,
      },
    },
    gates: [],
    decision_digest: digest,
    approvals: [],
    expires_at: at,
    seq: 1,
    chain: digest,
    status: 'cancelled',
    cancelled_by: actor,
    reason,
    completed_at: at,
  };
  const event: StoredEvent = {
    v: 1,
    seq: 1,
    at,
    actor,
    prev: null,
    event: { type: 'PromotionCancelled', reason },
  };
  return {
    id: `${id}-1`,
    tenant,
    promotion,
    event,
    verb: 'cancelled',
    severity: 'info',
    environment: 'sample',
    asks_approval: false,
  };
}
