import * as z from 'zod/mini';
import { STATUSES } from '../domain/promotion/state.ts';
import { KINDS } from '../domain/promotion/subject.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { DigestText, EnvironmentName, Id, Instant, listOf, PAGE, QueryFlag, Text } from './fields.ts';
import { PromotionView } from './promotion-view.ts';

/** Requesting promotions and the verbs on them. Every verb answers the promotion as it now is. */

const path = '/api/v1/promotions/{id}';
const base = { tag: 'promotions', body: EMPTY, query: EMPTY, response: PromotionView } as const;
const verb = { ...base, method: 'POST', status: [200] } as const;

/** Absent: the environment before the target, and automatic execution exactly when nothing had to be approved. */
export const NewPromotion = z.strictObject({
  agent_id: Id,
  source_deployment_id: Id,
  target_gateway_id: Id,
  target_environment: EnvironmentName,
  source_environment: z.exactOptional(EnvironmentName),
  execution: z.exactOptional(z.enum(['manual', 'automatic'])),
  /** Cancels older open promotions of the same subject to the same target. */
  supersede: z.exactOptional(z.boolean()),
});
export type NewPromotion = z.infer<typeof NewPromotion>;

export const createPromotion = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/promotions',
  operation: 'createPromotion',
  summary: 'Requests the promotion of an agent deployment; `dry_run=true` only says what would be',
  body: NewPromotion,
  query: z.strictObject({ dry_run: z.exactOptional(QueryFlag) }),
  status: [201, 200],
  errors: [
    'unknown_environment',
    'unknown_gateway',
    'source_not_deployed',
    'source_mismatch',
    'missing_stages',
    'invalid_transition',
    'nothing_to_promote',
    'already_open',
    'conflict',
    'idempotency_key_reused',
  ],
  idempotent: true,
});

export const PromotionFilterQuery = z.strictObject({
  ...PAGE,
  status: z.exactOptional(z.enum(STATUSES)),
  kind: z.exactOptional(z.enum(KINDS)),
  target_environment: z.exactOptional(EnvironmentName),
  agent_id: z.exactOptional(Id),
});

export const listPromotions = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/promotions',
  operation: 'listPromotions',
  summary: 'Lists promotions, newest first; a page may be short while `next_cursor` says there is more',
  query: PromotionFilterQuery,
  response: listOf(PromotionView),
  status: [200],
  errors: ['unknown_environment'],
});

export const getPromotion = endpoint({
  ...base,
  method: 'GET',
  path,
  operation: 'getPromotion',
  summary: 'Reads a promotion',
  status: [200],
  errors: [],
});

export const validatePromotion = endpoint({
  ...verb,
  path: `${path}/validate`,
  operation: 'validatePromotion',
  summary: 'Assesses again; `refresh` plans anew first',
  body: z.strictObject({ refresh: z.exactOptional(z.boolean()) }),
  errors: ['already_decided', 'invalid_transition', 'expired', 'conflict'],
});

export const approvePromotion = endpoint({
  ...verb,
  path: `${path}/approve`,
  operation: 'approvePromotion',
  summary: 'Approves the sealed manifest; without `manifest_digest` the one sealed at this moment',
  body: z.strictObject({
    comment: z.exactOptional(Text),
    manifest_digest: z.exactOptional(DigestText),
  }),
  errors: [
    'separation_of_duties',
    'manifest_changed',
    'not_sealed',
    'already_decided',
    'invalid_transition',
    'expired',
    'comment_required',
    'conflict',
  ],
});

const Reason = z.strictObject({ reason: Text });

export const rejectPromotion = endpoint({
  ...verb,
  path: `${path}/reject`,
  operation: 'rejectPromotion',
  summary: 'Rejects for good, with a reason',
  body: Reason,
  errors: ['separation_of_duties', 'already_decided', 'invalid_transition', 'expired', 'conflict'],
});

export const requestChanges = endpoint({
  ...verb,
  path: `${path}/request-changes`,
  operation: 'requestChanges',
  summary: 'Gives it back to the requester, with a reason',
  body: Reason,
  errors: ['separation_of_duties', 'already_decided', 'invalid_transition', 'expired', 'conflict'],
});

export const resubmitPromotion = endpoint({
  ...verb,
  path: `${path}/resubmit`,
  operation: 'resubmitPromotion',
  summary: 'Puts it forward again after changes were requested',
  errors: ['already_decided', 'invalid_transition', 'expired', 'conflict'],
});

export const executePromotion = endpoint({
  ...verb,
  path: `${path}/execute`,
  operation: 'executePromotion',
  summary: 'Executes an approved promotion: 202 while it runs, 200 when it is completed',
  status: [202, 200],
  errors: [
    'invalid_transition',
    'already_decided',
    'target_moved',
    'locked',
    'frozen',
    'expired',
    'conflict',
  ],
});

export const schedulePromotion = endpoint({
  ...verb,
  path: `${path}/schedule`,
  operation: 'schedulePromotion',
  summary: 'Sets the time of execution; before approval the time is kept',
  body: z.strictObject({ at: Instant, on_missed: z.exactOptional(z.enum(['execute', 'fail'])) }),
  errors: ['already_decided', 'invalid_transition', 'expired', 'conflict'],
});

export const unschedulePromotion = endpoint({
  ...base,
  method: 'DELETE',
  path: `${path}/schedule`,
  operation: 'unschedulePromotion',
  summary: 'Takes the time of execution away',
  status: [200],
  errors: ['already_decided', 'invalid_transition', 'expired', 'conflict'],
});

export const cancelPromotion = endpoint({
  ...base,
  method: 'DELETE',
  path,
  operation: 'cancelPromotion',
  summary: 'Cancels an open promotion that is not executing',
  body: z.strictObject({ reason: z.exactOptional(Text) }),
  status: [200],
  errors: ['already_decided', 'invalid_transition', 'expired', 'conflict'],
});

export const retryPromotion = endpoint({
  ...base,
  method: 'POST',
  path: `${path}/retry`,
  operation: 'retryPromotion',
  summary: 'Requests a failed promotion again, as a new one',
  status: [201],
  errors: createPromotion.errors,
  idempotent: true,
});
