import * as z from 'zod/mini';
import { ConditionForm } from '../../../domain/conditions/condition-form.ts';
import type { StoredEvent } from '../../../domain/promotion/events.ts';
import { count, digest, digestOrNull, facts, maybe, text, texts } from './basics.ts';
import { exactly } from './exactly.ts';
import { actor } from './identity.ts';
import {
  approval,
  execution,
  failure,
  gateResults,
  promotionType,
  request,
  ruleDecided,
  schedule,
  seal,
  verifies,
} from './promotion.ts';
import { subject } from './slot.ts';

const decision = z.looseObject({
  promotion_id: text,
  manifest_digest: digest,
  policy_digest: digest,
  as_of: text,
  outcome: z.enum(['allow', 'deny', 'pending']),
  reason_codes: texts,
  gates: gateResults,
  approvals: z.looseObject({
    required: count,
    groups: z.array(z.looseObject({ group: text, min: count, granted: count })),
    granted: texts,
  }),
  rule: maybe(ruleDecided),
});

const rule = z.looseObject({
  id: text,
  version: count,
  conditions: z.nullable(ConditionForm),
  facts,
});

const judged = { facts, decision, decision_digest: digest };

const event = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('PromotionRequested'),
    id: text,
    tenant: text,
    promotion_type: promotionType,
    subject,
    source_environment: text,
    target_environment: text,
    target_slot: text,
    request,
    execution,
    rule_id: maybe(text),
    rule: maybe(rule),
    supersedes: maybe(text),
    also_requested_by: maybe(z.array(actor)),
    rules: maybe(count),
  }),
  z.looseObject({ type: z.literal('PromotionAssessed'), seal, ...judged, expires_at: text }),
  z.looseObject({
    type: z.literal('PromotionBlocked'),
    blocked_by: texts,
    reason_code: text,
    execution_requested: maybe(actor),
  }),
  z.looseObject({ type: z.literal('EvidenceAttached'), gate: text, evidence: digest }),
  z.looseObject({ type: z.literal('ApprovalGranted'), approval }),
  z.looseObject({ type: z.literal('ChangesRequested'), reason: text }),
  z.looseObject({ type: z.literal('PromotionResubmitted'), request: maybe(request) }),
  z.looseObject({
    type: z.literal('ApprovalsVoided'),
    reason_code: text,
    manifest_digest: digest,
    approvers: maybe(texts),
  }),
  z.looseObject({ type: z.literal('PromotionApproved'), approved_by: maybe(actor) }),
  z.looseObject({
    type: z.literal('PromotionRejected'),
    closed_by: z.enum(['person', 'expiry']),
    reason: text,
  }),
  z.extend(schedule, { type: z.literal('PromotionScheduled') }),
  z.looseObject({ type: z.literal('PromotionUnscheduled') }),
  z.looseObject({
    type: z.literal('ExecutionRequested'),
    by: maybe(actor),
    cause: maybe(z.enum(['automatic', 'schedule'])),
  }),
  z.looseObject({ type: z.literal('ExecutionHeld'), reason_code: text }),
  z.looseObject({
    type: z.literal('ExecutionStarted'),
    fence: count,
    deployment_id: text,
    base: digestOrNull,
    ...judged,
    verifies,
  }),
  z.looseObject({ type: z.literal('PromotionCompleted'), revision: count }),
  z.extend(failure, { type: z.literal('PromotionFailed') }),
  z.looseObject({ type: z.literal('PromotionCancelled'), reason: maybe(text) }),
  z.looseObject({ type: z.literal('PromotionRolledBack'), by: text }),
  z.looseObject({ type: z.literal('OutcomeSettled'), outcome: z.enum(['live', 'failed']) }),
  z.looseObject({
    type: z.literal('OutcomeReversed'),
    outcome: z.enum(['failed', 'rolled_back']),
    message: maybe(text),
  }),
  z.looseObject({
    type: z.literal('VerificationDecided'),
    outcome: z.enum(['passed', 'failed', 'unknown']),
    reason_code: text,
    evidence: maybe(digest),
  }),
  z.looseObject({ type: z.literal('RollbackBegun'), promotion_id: text }),
  z.looseObject({ type: z.literal('RollbackDeclined'), reason_code: text }),
]);

/** The events of one commit, in order. */
export const storedEvents: z.ZodMiniType<StoredEvent[]> = exactly<StoredEvent[]>()(
  z.array(
    z.looseObject({
      v: count,
      seq: count,
      at: text,
      actor,
      prev: digestOrNull,
      guard: maybe(count),
      event,
    }),
  ),
);
