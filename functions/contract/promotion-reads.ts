import * as z from 'zod/mini';
import { DigestText, Instant } from '../domain/fields.ts';
import { ActorView } from './actor-view.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE } from './fields.ts';
import { GateResultView } from './gate-result-view.ts';
import { ApprovalView } from './promotion-view.ts';

/** What can be read of a promotion beside itself: what was decided, on what, and what it would change. */

const base = {
  method: 'GET',
  tag: 'promotions',
  body: EMPTY,
  query: EMPTY,
  status: [200],
  errors: [],
} as const;
const under = <const P extends string>(part: P) => `/api/v1/promotions/{id}/${part}` as const;

/** A decision by the number of the event that carries it; absent: the newest. */
export const DecisionQuery = z.strictObject({
  seq: z.exactOptional(
    z.pipe(
      z.string().check(z.regex(/^[1-9][0-9]{0,8}$/, 'must be the number of an event')),
      z.transform(Number),
    ),
  ),
});

const groupCount = z.strictObject({ group: z.string(), min: z.int(), granted: z.int() });

export const DecisionView = z.strictObject({
  promotion_id: z.string(),
  manifest_digest: DigestText,
  policy_digest: DigestText,
  as_of: Instant,
  outcome: z.enum(['allow', 'deny', 'pending']),
  reason_codes: z.array(z.string()),
  gates: z.array(GateResultView),
  approvals: z.strictObject({
    required: z.int(),
    groups: z.array(groupCount),
    granted: z.array(z.string()),
  }),
  /** Of an automatic promotion: the rule that asked for it, and the digest of its conditions and of the facts that they read. */
  rule: z.exactOptional(
    z.strictObject({ id: z.string(), version: z.int(), met: z.boolean(), inputs: DigestText }),
  ),
});

/** The rule as it was, and each fact that its conditions read: `value` is absent where there was none. */
export const RuleAppliedView = z.strictObject({
  id: z.string(),
  version: z.int(),
  conditions: z.unknown(),
  facts: z.array(
    z.strictObject({ field: z.string(), value: z.exactOptional(z.unknown()), digest: DigestText }),
  ),
});

/** A change that weakened what governs the target since the promotion was requested; `seq` is its place among the tenant's changes. */
const GovernanceChangeView = z.strictObject({
  seq: z.int(),
  at: Instant,
  by: z.array(ActorView),
  weakens: z.array(z.string()),
});

/** A recorded decision, and what weakened its rules since. */
export const DecisionRead = z.strictObject({
  seq: z.int(),
  decision: DecisionView,
  decision_digest: DigestText,
  rule: z.exactOptional(RuleAppliedView),
  governance_changes: z.exactOptional(z.array(GovernanceChangeView)),
});

export const getDecision = endpoint({
  ...base,
  path: under('decision'),
  operation: 'getDecision',
  summary: 'A recorded decision and its digest: the newest, or the one that event `seq` carries',
  query: DecisionQuery,
  response: DecisionRead,
});

/** A recorded decision beside the same one made again. */
export const ReplayView = z.strictObject({
  seq: z.int(),
  recorded: DigestText,
  replayed: DigestText,
  same: z.boolean(),
  decision: DecisionView,
});

export const replayDecision = endpoint({
  ...base,
  method: 'POST',
  path: under('decision/replay'),
  operation: 'replayDecision',
  summary: 'Replay a recorded decision: the same inputs give the same digest',
  query: DecisionQuery,
  response: ReplayView,
});

/** What is sealed, to the member. */
export const ManifestView = z.strictObject({
  subject: z.strictObject({ kind: z.string(), name: z.string() }),
  type: z.enum(['promotion', 'rollback']),
  source: z.strictObject({ environment: z.string(), digest: DigestText }),
  target: z.strictObject({ environment: z.string(), slot: z.string() }),
  change_set_digest: DigestText,
  policy_digest: DigestText,
  options: z.strictObject({ execution: z.enum(['manual', 'automatic']) }),
});

export const getManifest = endpoint({
  ...base,
  path: under('manifest'),
  operation: 'getManifest',
  summary: 'What is approved: the sealed manifest and its digest',
  response: z.strictObject({
    manifest_digest: DigestText,
    manifest: ManifestView,
  }),
});

export const ChangeView = z.strictObject({
  key: z.string(),
  from: z.nullable(z.string()),
  to: z.nullable(z.string()),
});

export const getChanges = endpoint({
  ...base,
  path: under('changes'),
  operation: 'getChanges',
  summary: 'The sealed change set',
  response: z.strictObject({
    change_set_digest: DigestText,
    items: z.array(ChangeView),
    next_cursor: z.nullable(z.string()),
  }),
});

/** What executing would change, and what it would replace. */
export const ImpactView = z.strictObject({
  environment: z.string(),
  changes: z.array(ChangeView),
  replaces: z.nullable(
    z.strictObject({
      deployment_id: z.string(),
      digest: DigestText,
      version: z.nullable(z.string()),
      live_at: z.nullable(Instant),
    }),
  ),
  target_moved: z.boolean(),
  held_by: z.nullable(z.string()),
});

export const getImpact = endpoint({
  ...base,
  path: under('impact'),
  operation: 'getImpact',
  summary: 'What executing would change in the target as that is now',
  response: ImpactView,
});

/** An event as stored: its type is in it, so that the chain can be checked by anyone. */
export const StoredEventView = z.strictObject({
  v: z.int(),
  seq: z.int(),
  at: Instant,
  type: z.string(),
  actor: z.strictObject({ ...ActorView.shape, owner: z.exactOptional(z.string()) }),
  prev: z.nullable(DigestText),
  /** The guard of the target, which every change of what governs it raises, as the decision found it. */
  guard: z.exactOptional(z.int()),
  event: z.record(z.string(), z.unknown()),
});

export const getTimeline = endpoint({
  ...base,
  path: under('timeline'),
  operation: 'getTimeline',
  query: z.strictObject(PAGE),
  summary:
    'Everything that happened, oldest first: a chain in which each event carries the digest of the one before',
  response: listOf(StoredEventView),
});

/** Who approved and who may still. */
export const ApprovalsView = z.strictObject({
  manifest_digest: DigestText,
  required: z.int(),
  groups: z.array(groupCount),
  complete: z.boolean(),
  granted: z.array(ApprovalView),
  people: z.array(
    z.strictObject({
      subject: z.string(),
      email: z.string(),
      groups: z.array(z.string()),
      eligible: z.boolean(),
      why: z.nullable(z.string()),
    }),
  ),
  next_cursor: z.nullable(z.string()),
});

export const getApprovals = endpoint({
  ...base,
  path: under('approvals'),
  operation: 'getApprovals',
  query: z.strictObject(PAGE),
  summary: 'Who approved, what is missing, and page by page who may still give it or why not',
  response: ApprovalsView,
});
