import * as z from 'zod/mini';
import { CHANGE_ACTIONS, CHANGE_TARGETS, UNCONFIRMED } from '../domain/audit/change-words.ts';
import { DigestText, EMail, EnvironmentName, Id, Instant } from '../domain/fields.ts';
import { KINDS } from '../domain/subject.ts';
import { ActorView } from './actor-view.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { Cursor, Limit, listOf, PAGE } from './fields.ts';
import { Values, Weakens } from './pending-change-view.ts';

/** The audit: search, denials, and what proves the rest. All of it takes the role auditor or admin. */

/** One promotion: the members of the artifact-promotion document's audit record, and what Sluice adds. */
export const AuditRecordView = z.strictObject({
  promotion_id: Id,
  artifact: z.strictObject({
    kind: z.enum(KINDS),
    name: z.string(),
    version: z.nullable(z.string()),
    digest: DigestText,
  }),
  source_env: z.string(),
  target_env: z.string(),
  timestamp: Instant,
  promoted_by: z.string(),
  approval: z.strictObject({
    required: z.boolean(),
    approvers: z.array(z.string()),
    approval_timestamp: z.nullable(Instant),
  }),
  validation_gates: z.record(z.string(), z.string()),
  result: z.enum(['SUCCESS', 'FAILED', 'REJECTED', 'CANCELLED', 'ROLLED_BACK', 'IN_PROGRESS']),
  requested_by: z.string(),
  requested_at: Instant,
  decision_digest: DigestText,
  length: z.int(),
  chain: DigestText,
});
export type AuditRecordView = z.infer<typeof AuditRecordView>;

const base = { method: 'GET', tag: 'audit', body: EMPTY, query: EMPTY, status: [200] } as const;

/** A subject id, or an e-mail. */
const Person = z.union([
  EMail,
  z.string().check(z.regex(/^[!-~]{1,256}$/, 'must be a subject or an e-mail address')),
]);
const kind = z.enum(KINDS);

export const searchAudit = endpoint({
  ...base,
  path: '/api/v1/audit',
  operation: 'searchAudit',
  summary:
    'Audit records of promotions, newest request first; `format=csv` answers text/csv and X-Next-Cursor',
  query: z.strictObject({
    ...PAGE,
    kind: z.exactOptional(kind),
    /** The name of what is promoted. */
    subject: z.exactOptional(Id),
    /** Source or target, by name or alias. */
    environment: z.exactOptional(EnvironmentName),
    /** Subject id or e-mail of who took part: who requested, approved (also where it was voided), asked for changes, scheduled, executed, rejected, cancelled or said the outcome. */
    person: z.exactOptional(Person),
    /** Bounds of the request's instant: from inclusive, before exclusive. */
    from: z.exactOptional(Instant),
    before: z.exactOptional(Instant),
    format: z.exactOptional(z.enum(['json', 'csv'])),
  }),
  response: listOf(AuditRecordView),
  errors: ['unknown_environment'],
});

export const listDenials = endpoint({
  ...base,
  path: '/api/v1/audit/denials',
  operation: 'listDenials',
  summary: 'List access denials, newest first: one a minute, person and action',
  query: z.strictObject(PAGE),
  response: listOf(
    z.strictObject({
      at: Instant,
      actor: ActorView,
      code: z.string(),
      action: z.string(),
      promotion_id: z.nullable(z.string()),
    }),
  ),
  errors: [],
});

/**
 * One change of what governs the tenant. `before` and `after` are digests of what stood, `values` what stood itself; `null` for a change
 * from before values were recorded. `chain` is the change's own digest.
 */
export const ChangeView = z.strictObject({
  seq: z.int(),
  at: Instant,
  actor: ActorView,
  action: z.enum(CHANGE_ACTIONS),
  target: z.strictObject({ type: z.enum(CHANGE_TARGETS), id: z.string() }),
  reason: z.nullable(z.string()),
  weakens: Weakens,
  /** The second admin, where one was asked; else why none was, where what it weakens is protected. */
  confirmed_by: z.nullable(ActorView),
  unconfirmed: z.nullable(z.enum(UNCONFIRMED)),
  before: z.nullable(DigestText),
  after: z.nullable(DigestText),
  values: z.nullable(Values),
  chain: DigestText,
});
export type ChangeView = z.infer<typeof ChangeView>;

export const listChanges = endpoint({
  ...base,
  path: '/api/v1/audit/changes',
  operation: 'listChanges',
  summary: 'Who locked, froze or changed what governs promotions, when and why, newest first',
  query: z.strictObject({
    ...PAGE,
    type: z.exactOptional(z.enum(CHANGE_TARGETS)),
    /** An environment by its name, `*` for all of them; everything else by its id. */
    id: z.exactOptional(z.union([Id, z.literal('*')])),
    person: z.exactOptional(Person),
    from: z.exactOptional(Instant),
    before: z.exactOptional(Instant),
  }),
  response: listOf(ChangeView),
  errors: [],
});

const SignatureView = z.strictObject({ algorithm: z.literal('ECDSA_SHA_256'), value: z.string() });

export const getCheckpoint = endpoint({
  ...base,
  path: '/api/v1/audit/checkpoint',
  operation: 'getCheckpoint',
  summary:
    'The heads of all chains now, signed, where they are very many in parts: whoever keeps them can tell later whether the past was changed',
  query: z.strictObject({ cursor: z.exactOptional(Cursor) }),
  response: z.strictObject({
    checkpoint: z.strictObject({
      v: z.literal(1),
      tenant: z.string(),
      as_of: Instant,
      key_id: z.string(),
      chains: z.array(z.strictObject({ chain: z.string(), length: z.int(), digest: DigestText })),
      /** Of one part of several; the last has no `next_cursor`. */
      part: z.exactOptional(
        z.strictObject({
          number: z.int(),
          prev: z.nullable(DigestText),
          last: z.boolean(),
          /** Where in the scan over all chains it begins, and where the next part does. */
          from: z.exactOptional(z.string()),
          next: z.exactOptional(z.string()),
        }),
      ),
    }),
    signature: SignatureView,
    public_key: z.string(),
    next_cursor: z.nullable(z.string()),
  }),
  errors: [],
});

export const exportAudit = endpoint({
  ...base,
  path: '/api/v1/audit/export',
  operation: 'exportAudit',
  summary: 'Whole chains, to be verified offline against a checkpoint made before; the limit counts chains',
  query: z.strictObject({ limit: z.exactOptional(Limit), cursor: z.exactOptional(Cursor) }),
  /** `{chain, event}`, `{chain, revision}`, `{chain, change}` or `{evidence}`, each as stored. */
  response: listOf(z.record(z.string(), z.unknown())),
  errors: [],
});
