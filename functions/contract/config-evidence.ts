import * as z from 'zod/mini';
import { DigestText, Instant } from '../domain/fields.ts';
import { PersonView } from './config-promotion-view.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { MAX_BODY, REPORT } from './evidence.ts';
import { camelListOf } from './fields.ts';

/** Reports about what a config promotion promotes, as below `/promotions`. */

const base = {
  path: '/api/v1/config/promotions/{id}/evidence',
  tag: 'config promotions',
  body: EMPTY,
  query: EMPTY,
} as const;

const ReportView = z.strictObject({
  evidence: DigestText,
  gate: z.string(),
  format: z.string(),
  subjectDigest: DigestText,
  producedAt: Instant,
  receivedAt: Instant,
  producer: PersonView,
  /** The report in normal form: what thresholds name. */
  result: z.record(z.string(), z.unknown()),
  documentDigest: DigestText,
  /** Where it counts for gates that name no producers; absent: everywhere. */
  environments: z.exactOptional(z.array(z.string())),
  /** The completed promotion whose verification it was brought to; absent: it is about the digest, wherever that is. */
  promotionId: z.exactOptional(z.string()),
});

export const getConfigEvidence = endpoint({
  ...base,
  method: 'GET',
  operation: 'getConfigEvidence',
  summary: 'List the reports about what a promotion promotes',
  response: camelListOf(z.extend(ReportView, { attachedSeq: z.nullable(z.int()) })),
  status: [200],
  errors: [],
});

export const attachConfigEvidence = endpoint({
  ...base,
  method: 'POST',
  operation: 'attachConfigEvidence',
  summary: 'Attach a report to a config promotion',
  body: z.strictObject({
    gate: REPORT.gate,
    format: REPORT.format,
    producedAt: REPORT.produced_at,
    document: REPORT.document,
    subjectDigest: z.exactOptional(DigestText),
  }),
  response: ReportView,
  status: [201],
  errors: ['source_mismatch', 'already_decided', 'conflict', 'idempotency_key_reused'],
  idempotent: true,
  max_body: MAX_BODY,
});
