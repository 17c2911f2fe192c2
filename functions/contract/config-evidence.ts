import * as z from 'zod/mini';
import { DigestText } from '../domain/fields.ts';
import { camelView } from './camel-view.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { EvidenceView, MAX_BODY, REPORT } from './evidence.ts';
import { camelListOf } from './fields.ts';

/** Reports about what a config promotion promotes, as below `/promotions`. */

const base = {
  path: '/api/v1/config/promotions/{id}/evidence',
  tag: 'config promotions',
  body: EMPTY,
  query: EMPTY,
} as const;

const AS_READ = { result: EvidenceView.shape.result };
/** `result` is the report in normal form: what thresholds name. */
const ReportView = camelView(EvidenceView, AS_READ);

export const getConfigEvidence = endpoint({
  ...base,
  method: 'GET',
  operation: 'getConfigEvidence',
  summary: 'List the reports about what a promotion promotes',
  response: camelListOf(camelView(EvidenceView, { ...AS_READ, attachedSeq: z.nullable(z.int()) })),
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
