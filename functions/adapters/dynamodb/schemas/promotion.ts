import * as z from 'zod/mini';
import { ON_FAILURE } from '../../../domain/catalog/environment.ts';
import { GATE_STATUSES } from '../../../domain/gates/gate.ts';
import { CONFIG_SELECTIONS, type PromotionState } from '../../../domain/promotion/state.ts';
import { count, digest, digestOrNull, flag, maybe, text, texts } from './basics.ts';
import { gateSetting, groupQuotas, separation } from './catalog.ts';
import { exactly } from './exactly.ts';
import { actor } from './identity.ts';
import { changeSummary, subject } from './slot.ts';

export const promotionType = z.enum(['promotion', 'rollback']);
export const execution = z.enum(['manual', 'automatic']);

export const request = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('agent'),
    agent_id: text,
    source_deployment_id: text,
    target_gateway_id: text,
    notes: maybe(text),
    rollback: maybe(
      z.looseObject({
        promotion_id: maybe(text),
        mode: z.enum(['restore', 'revert']),
        to: digest,
        revision: count,
      }),
    ),
  }),
  z.looseObject({
    kind: z.literal('artifact'),
    artifact: text,
    version: text,
    sync_registries: flag,
    acknowledge_eol: maybe(z.literal(true)),
    notes: maybe(text),
    rollback: maybe(
      z.looseObject({ to: digest, revision: count, promotion_id: maybe(text), deployment_id: maybe(text) }),
    ),
  }),
  z.looseObject({
    kind: z.literal('config'),
    selects: z.enum(CONFIG_SELECTIONS),
    config_ids: texts,
    flag_ids: texts,
    key_patterns: texts,
    prune: flag,
    notes: maybe(text),
    rollback: maybe(
      z.looseObject({
        promotion_id: maybe(text),
        mode: z.enum(['restore', 'revert']),
        from: digest,
        to: digest,
        revision: maybe(count),
      }),
    ),
  }),
]);

const manifest = z.looseObject({
  subject,
  type: promotionType,
  source: z.looseObject({ environment: text, digest }),
  target: z.looseObject({ environment: text, slot: text }),
  change_set_digest: digest,
  policy_digest: digest,
  options: z.looseObject({ execution }),
});

const plan = z.looseObject({
  source: z.looseObject({
    environment: text,
    digest,
    deployment_id: maybe(text),
    version_label: maybe(text),
    recorded: flag,
    revision: maybe(count),
    since: maybe(count),
  }),
  base: z.looseObject({ digest: digestOrNull, version: count }),
  change_set_digest: digest,
  change_set: z.array(z.looseObject({ key: text, from: z.nullable(text), to: z.nullable(text) })),
  tree: maybe(
    z.looseObject({
      origin: digest,
      owned: texts,
      summary: changeSummary,
      conflicts: maybe(texts),
      unmatched: maybe(texts),
    }),
  ),
});

const requirements = z.looseObject({
  requires_approval: flag,
  required_approvers: count,
  groups: groupQuotas,
  separation_of_duties: separation,
  expires_after: text,
  require_comment: flag,
  link_only: maybe(z.literal(true)),
  gates: z.array(gateSetting),
  protected: flag,
  policy_digest: digest,
});

export const seal = z.looseObject({ manifest, manifest_digest: digest, plan, requirements });

export const gateResults = z.array(
  z.looseObject({
    name: text,
    required: flag,
    mode: z.enum(['block', 'warn']),
    status: z.enum(GATE_STATUSES),
    reason_code: text,
    evidence: z.array(digest),
  }),
);

export const approval = z.looseObject({
  actor,
  groups: texts,
  manifest_digest: digest,
  at: text,
  comment: maybe(text),
});

export const schedule = z.looseObject({ at: text, on_missed: z.enum(['execute', 'fail']) });

export const failure = z.looseObject({
  code: text,
  message: text,
  technical: text,
  target_state: z.enum(['unchanged', 'restored', 'unknown']),
});

export const ruleDecided = z.looseObject({ id: text, version: count, met: flag, inputs: digest });

const common = {
  id: text,
  tenant: text,
  type: promotionType,
  subject,
  source_environment: text,
  target_environment: text,
  target_slot: text,
  request,
  requester: actor,
  also_requested_by: maybe(z.array(actor)),
  requested_at: text,
  resubmitted_at: maybe(text),
  rule_id: maybe(text),
  rule: maybe(ruleDecided),
  execution,
  seal,
  gates: gateResults,
  decision_digest: digest,
  approvals: z.array(approval),
  schedule: maybe(schedule),
  expires_at: text,
  reason_code: maybe(text),
  seq: count,
  chain: digest,
};

const approved = { approved_at: text, approved_by: maybe(actor) };
const terms = {
  gate: gateSetting,
  within: text,
  on_failure: z.enum(ON_FAILURE),
  protected: flag,
};
export const verifies = maybe(z.looseObject(terms));

const decidedVerification = {
  ...terms,
  until: text,
  decided_at: text,
  reason_code: text,
  evidence: maybe(digest),
  rollback: maybe(z.union([z.looseObject({ promotion_id: text }), z.looseObject({ reason_code: text })])),
};
const verification = maybe(
  z.discriminatedUnion('status', [
    z.looseObject({ ...terms, until: text, status: z.literal('pending') }),
    z.looseObject({ ...decidedVerification, status: z.enum(['passed', 'failed', 'unknown']) }),
  ]),
);

const started = {
  ...approved,
  started_at: text,
  fence: count,
  deployment_id: text,
  executor: actor,
  verifies,
};
const partlyStarted = {
  approved_at: maybe(text),
  approved_by: maybe(actor),
  started_at: maybe(text),
  fence: maybe(count),
  deployment_id: maybe(text),
  executor: maybe(actor),
  verifies,
};

const reversed = maybe(
  z.looseObject({
    outcome: z.enum(['failed', 'rolled_back']),
    by: actor,
    at: text,
    message: maybe(text),
  }),
);

/** Every status with exactly what it carries: an item of an impossible state does not parse. */
export const promotionState: z.ZodMiniType<PromotionState> = exactly<PromotionState>()(
  z.discriminatedUnion('status', [
    z.looseObject({
      ...common,
      status: z.literal('pending'),
      waiting_for: z.enum(['assessment', 'approval', 'changes']),
      changes_requested: maybe(text),
    }),
    z.looseObject({
      ...common,
      status: z.literal('blocked'),
      blocked_by: texts,
      execution_requested: maybe(actor),
    }),
    z.looseObject({
      ...common,
      ...approved,
      status: z.literal('approved'),
      execution_requested: maybe(actor),
    }),
    z.looseObject({ ...common, ...approved, status: z.literal('scheduled'), schedule }),
    z.looseObject({ ...common, ...started, status: z.literal('executing') }),
    z.looseObject({
      ...common,
      ...started,
      status: z.literal('completed'),
      completed_at: text,
      reversed,
      verification,
    }),
    z.looseObject({
      ...common,
      ...started,
      status: z.literal('rolled_back'),
      completed_at: text,
      rolled_back_by: text,
      reversed,
      verification,
    }),
    z.looseObject({
      ...common,
      ...partlyStarted,
      status: z.literal('failed'),
      completed_at: text,
      failure,
      settled: maybe(z.looseObject({ outcome: z.enum(['live', 'failed']), by: actor, at: text })),
      reversed,
    }),
    z.looseObject({
      ...common,
      status: z.literal('rejected'),
      closed_by: z.enum(['person', 'expiry']),
      reason: text,
      rejected_by: actor,
      completed_at: text,
    }),
    z.looseObject({
      ...common,
      status: z.literal('cancelled'),
      cancelled_by: actor,
      reason: maybe(text),
      completed_at: text,
    }),
  ]),
);
