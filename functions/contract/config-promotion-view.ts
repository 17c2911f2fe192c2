import * as z from 'zod/mini';
import { ON_FAILURE } from '../domain/catalog/environment.ts';
import { DigestText, Instant } from '../domain/fields.ts';
import { GATE_STATUSES } from '../domain/gates/gate.ts';
import { CONFIG_SELECTIONS, STATUSES } from '../domain/promotion/state.ts';
import { KINDS } from '../domain/subject.ts';
import { MissingApprovers } from './missing-approvers.ts';
import { ReversedView, SettledView } from './promotion-view.ts';

/** A promotion in camelCase, as the config-promotion document writes: the fields of the snake_case view and what configuration adds. */

const Person = { subject: z.string(), email: z.string(), kind: z.enum(['person', 'machine', 'system']) };

/** A person, or whatever else acted. */
export const PersonView = z.strictObject(Person);

export const ConfigApprovalView = z.strictObject({
  ...Person,
  groups: z.array(z.string()),
  manifestDigest: DigestText,
  comment: z.nullable(z.string()),
  at: Instant,
});

const Gate = z.strictObject({
  name: z.string(),
  required: z.boolean(),
  mode: z.enum(['block', 'warn']),
  status: z.enum(GATE_STATUSES),
  reasonCode: z.string(),
  evidence: z.array(z.string()),
});

const Failure = z.strictObject({
  code: z.string(),
  message: z.string(),
  technical: z.string(),
  targetState: z.enum(['unchanged', 'restored', 'unknown']),
  settled: z.exactOptional(SettledView),
});

const Stop = z.strictObject({ code: z.string(), detail: z.string(), endsAt: z.nullable(Instant) });

const text = z.nullable(z.string());

/** Whether what went live holds. */
const Verification = z.strictObject({
  status: z.enum(['pending', 'passed', 'failed', 'unknown']),
  gate: z.string(),
  until: Instant,
  onFailure: z.enum(ON_FAILURE),
  reasonCode: text,
  decidedAt: z.nullable(Instant),
  evidence: z.nullable(DigestText),
  rollback: z.nullable(z.strictObject({ promotionId: text, reasonCode: text })),
});

export const ConfigPromotionView = z.strictObject({
  id: z.string(),
  organizationId: z.string(),
  agentId: text,
  sourceDeploymentId: text,
  targetGatewayId: text,
  artifactVersion: text,
  sourceEnvironment: z.string(),
  targetEnvironment: z.string(),
  status: z.enum(STATUSES),
  requiresApproval: z.boolean(),
  approvedBy: text,
  approvedAt: z.nullable(Instant),
  rejectionReason: text,
  targetDeploymentId: text,
  createdBy: z.string(),
  createdByEmail: z.string(),
  createdAt: Instant,
  completedAt: z.nullable(Instant),

  /** `null` for promotions of other kinds. */
  promotionType: z.nullable(z.enum(CONFIG_SELECTIONS)),
  configIds: z.array(z.string()),
  flagIds: z.array(z.string()),
  keyPatterns: z.array(z.string()),
  prune: z.boolean(),
  notes: text,
  /** Of a rollback: what it takes back, and how. */
  rollbackOf: text,
  rollbackMode: z.nullable(z.enum(['restore', 'revert'])),
  /** What the change set comes to; `keys` are the first few. */
  changes: z.nullable(
    z.strictObject({ added: z.int(), modified: z.int(), removed: z.int(), keys: z.array(z.string()) }),
  ),
  /** Keys that changed in the target under an earlier plan. */
  conflicts: z.array(z.string()),
  /** What the request names and neither environment has. */
  unmatched: z.array(z.string()),

  kind: z.enum(KINDS),
  type: z.enum(['promotion', 'rollback']),
  subject: z.strictObject({ kind: z.enum(KINDS), name: z.string() }),
  manifestDigest: DigestText,
  decisionDigest: DigestText,
  waitingFor: z.nullable(z.enum(['assessment', 'approval', 'changes', 'execution'])),
  requiredApprovers: z.int(),
  approvals: z.array(ConfigApprovalView),
  gates: z.array(Gate),
  blockedBy: z.array(z.string()),
  reasonCode: text,
  changesRequested: text,
  closedBy: z.nullable(z.enum(['person', 'expiry'])),
  execution: z.enum(['manual', 'automatic']),
  scheduledAt: z.nullable(Instant),
  onMissed: z.nullable(z.enum(['execute', 'fail'])),
  expiresAt: Instant,
  ruleId: text,
  failure: z.nullable(Failure),
  outcomeReversed: z.nullable(ReversedView),
  /** Of what was completed where its environment has a `verification`. */
  verification: z.nullable(Verification),
  version: z.int(),
  stoppedBy: z.exactOptional(z.array(Stop)),
  warnings: z.exactOptional(z.array(MissingApprovers)),
  wouldBe: z.exactOptional(z.enum(STATUSES)),
});
export type ConfigPromotionView = z.infer<typeof ConfigPromotionView>;
