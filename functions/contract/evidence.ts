import * as z from 'zod/mini';
import { FORMATS } from '../domain/evidence/report.ts';
import { DigestText, Id, Instant, VersionText } from '../domain/fields.ts';
import { ActorView } from './actor-view.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf } from './fields.ts';

/** Evidence: reports about a digest, which every gate that asks for them judges on every hop. */

/** A document: its text, the JSON object itself, or an https address with the SHA-256 of what lies there (up to 4 MiB). */
const Document = z.union([
  z.string().check(z.minLength(1)),
  z.strictObject({
    url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).check(z.maxLength(2048)),
    sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits in lower case')),
  }),
  z.record(z.string(), z.unknown()),
]);

export const REPORT = {
  gate: Id,
  format: z.enum(FORMATS),
  /** Absent: now. Never in the future. */
  produced_at: z.exactOptional(Instant),
  document: Document,
};

export const EvidenceView = z.strictObject({
  evidence: DigestText,
  gate: z.string(),
  format: z.string(),
  subject_digest: DigestText,
  produced_at: Instant,
  received_at: Instant,
  producer: ActorView,
  /** The report in normal form: what thresholds name. */
  result: z.record(z.string(), z.unknown()),
  document_digest: DigestText,
  /** Where it counts for gates that name no producers; absent: everywhere. */
  environments: z.exactOptional(z.array(z.string())),
  /** The completed promotion whose verification it was brought to; absent: it is about the digest, wherever that is. */
  promotion_id: z.exactOptional(z.string()),
});

/** A document of 256 KiB with every character escaped, and what is around it. */
export const MAX_BODY = 2 * 1024 * 1024;

const base = { tag: 'evidence', body: EMPTY, query: EMPTY, response: EvidenceView } as const;

export const submitEvidence = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/evidence',
  operation: 'submitEvidence',
  summary: 'Takes in a report about a digest, and has every promotion that waits for it judged again',
  body: z.strictObject({ ...REPORT, subject_digest: DigestText }),
  status: [201],
  errors: ['conflict', 'idempotency_key_reused'],
  idempotent: true,
  max_body: MAX_BODY,
});

const SIGNED = {
  /** Name of an artifact, and a published version of it. */
  artifact: Id,
  version: VersionText,
  /** Absent: `signature`. */
  gate: z.exactOptional(Id),
};

export const collectSignatures = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/evidence/signatures',
  operation: 'collectSignatures',
  summary: 'Collects the signatures of a version from its registry',
  /** Whose signatures count: by a key in PEM, or by certificates under a Sigstore trusted root. */
  body: z.union([
    z.strictObject({ ...SIGNED, public_key: z.string().check(z.minLength(1), z.maxLength(16_384)) }),
    z.strictObject({ ...SIGNED, trusted_root: z.record(z.string(), z.unknown()) }),
  ]),
  response: z.strictObject({
    items: z.array(EvidenceView),
    /** Signatures among the referrers that do not hold by this signer, and why. */
    passed_over: z.array(z.strictObject({ referrer: z.string(), problem: z.string() })),
  }),
  status: [201],
  errors: ['no_registry', 'registry_failed', 'conflict'],
  max_body: MAX_BODY,
});

export const listEvidence = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/evidence',
  operation: 'listEvidence',
  summary: 'Every report about a digest, by gate and then as received, for readers of the whole tenant',
  query: z.strictObject({ subject_digest: DigestText, gate: z.exactOptional(Id) }),
  response: listOf(EvidenceView),
  status: [200],
  errors: [],
});

export const getEvidenceDocument = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/evidence/document',
  operation: 'getEvidenceDocument',
  summary: 'The document of a report as it was given; one above 256 KiB is kept by whoever gave its address',
  query: z.strictObject({
    digest: DigestText,
    /** A promotion on whose source the report is: whoever reads that one reads its documents. Not needed by readers of the whole tenant. */
    promotion_id: z.exactOptional(Id),
  }),
  response: z.strictObject({ document_digest: DigestText, document: z.string() }),
  status: [200],
  errors: [],
});

export const attachEvidence = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/promotions/{id}/evidence',
  operation: 'attachEvidence',
  summary: 'Takes in a report about what a promotion promotes, and has it judged again',
  body: z.strictObject({ ...REPORT, subject_digest: z.exactOptional(DigestText) }),
  status: [201],
  errors: ['source_mismatch', 'already_decided', 'conflict', 'idempotency_key_reused'],
  idempotent: true,
  max_body: MAX_BODY,
});

export const getEvidence = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/promotions/{id}/evidence',
  operation: 'getEvidence',
  summary: 'Every report about what a promotion promotes, and which event attached it',
  response: listOf(z.extend(EvidenceView, { attached_seq: z.nullable(z.int()) })),
  status: [200],
  errors: [],
});
