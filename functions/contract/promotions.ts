import * as z from 'zod/mini';
import { DigestText, EnvironmentName, Id, Instant, Line, Text, VersionText } from '../domain/fields.ts';
import { STATUSES } from '../domain/promotion/state.ts';
import { KINDS } from '../domain/subject.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE, QueryFlag, wordsOf } from './fields.ts';
import { promotionVerbs as verbsIn } from './promotion-verbs.ts';
import { PromotionView } from './promotion-view.ts';

/** Requesting promotions and the verbs on them. Every verb answers the promotion as it now is. */

const path = '/api/v1/promotions/{id}';
const base = { tag: 'promotions', body: EMPTY, query: EMPTY, response: PromotionView } as const;

/** Absent: the environment before the target, and automatic execution exactly when nothing had to be approved. */
const HOP = {
  target_environment: EnvironmentName,
  source_environment: z.exactOptional(EnvironmentName),
  execution: z.exactOptional(z.enum(['manual', 'automatic'])),
  /** Cancels older open promotions of the same subject to the same target. */
  supersede: z.exactOptional(z.boolean()),
};

const NewAgentPromotion = z.strictObject({
  agent_id: Id,
  source_deployment_id: Id,
  target_gateway_id: Id,
  ...HOP,
});

const NewArtifactPromotion = z.strictObject({
  /** Absent: the only one that is active in the source. */
  artifact: z.exactOptional(Id),
  /** A published version that is active in the source, with or without `v`. */
  version: VersionText,
  /** Also to every secondary registry; absent: as the configuration of artifacts says (`cross_registry_sync`). */
  sync_registries: z.exactOptional(z.boolean()),
  /** A version that has reached its end of life is promoted only so. */
  acknowledge_eol: z.exactOptional(z.boolean()),
  ...HOP,
});

/** An agent's deployment, or a version of an artifact. */
export const NewPromotion = z.union([NewAgentPromotion, NewArtifactPromotion]);
export type NewPromotion = z.infer<typeof NewPromotion>;
type OfAgent = z.infer<typeof NewAgentPromotion>;
type OfArtifact = z.infer<typeof NewArtifactPromotion>;

/** Returns the body with the kind that it asks for. A body with members of two kinds fits neither form, and is refused before. */
export const kindAsked = (
  body: NewPromotion,
): ({ readonly kind: 'agent' } & OfAgent) | ({ readonly kind: 'artifact' } & OfArtifact) =>
  'agent_id' in body ? { kind: 'agent', ...body } : { kind: 'artifact', ...body };

export const createPromotion = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/promotions',
  operation: 'createPromotion',
  summary: 'Requests a promotion of an agent or artifact; `dry_run=true` only says what would be',
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
    'no_registry',
    'artifact_too_large',
    'risk_not_acknowledged',
    'already_open',
    'conflict',
    'idempotency_key_reused',
  ],
  idempotent: true,
});

export const PromotionFilterQuery = z.strictObject({
  ...PAGE,
  /** One or several, separated by commas. */
  status: z.exactOptional(wordsOf(STATUSES)),
  kind: z.exactOptional(z.enum(KINDS)),
  source_environment: z.exactOptional(EnvironmentName),
  target_environment: z.exactOptional(EnvironmentName),
  agent_id: z.exactOptional(Id),
  /** Subject id or e-mail address. */
  requester: z.exactOptional(Line),
  /** Requested at or after. */
  from: z.exactOptional(Instant),
  /** Requested before. */
  to: z.exactOptional(Instant),
  /** Only what waits for the caller: approvals they may give, changes asked of them, executions they may request. */
  waiting_for: z.exactOptional(z.enum(['me'])),
});

export type PromotionFilterQuery = z.infer<typeof PromotionFilterQuery>;

/** A page of promotions. */
export const PromotionList = z.extend(listOf(PromotionView), {
  /** With `waiting_for` alone: `false` where looking was cut before the page was full; the cursor goes on. */
  complete: z.exactOptional(z.boolean()),
});

export const listPromotions = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/promotions',
  operation: 'listPromotions',
  summary: 'Lists promotions, newest first; a page may be short while `next_cursor` says there is more',
  query: PromotionFilterQuery,
  response: PromotionList,
  status: [200],
  errors: ['unknown_environment'],
});

export const promotionVerbs = verbsIn({
  path,
  tag: base.tag,
  response: PromotionView,
  noun: 'Promotion',
  requestChanges: 'requestChanges',
  digest: 'manifest_digest',
  approval: z.strictObject({
    comment: z.exactOptional(Text),
    manifest_digest: z.exactOptional(DigestText),
  }),
  schedule: z.strictObject({ at: Instant, on_missed: z.exactOptional(z.enum(['execute', 'fail'])) }),
  resubmit: EMPTY,
  replanned: [
    'source_not_deployed',
    'unknown_gateway',
    'unknown_environment',
    'missing_stages',
    'risk_not_acknowledged',
  ],
});

export const retryPromotion = endpoint({
  ...base,
  method: 'POST',
  path: `${path}/retry`,
  operation: 'retryPromotion',
  summary: 'Requests a failed promotion again, as a new one; a rollback with its type, approvals and risk',
  body: z.strictObject({
    /** Needed where a failed rollback is RISKY. */
    acknowledge_risk: z.exactOptional(z.boolean()),
  }),
  status: [201],
  errors: [...createPromotion.errors, 'target_moved', 'locked', 'risk_not_acknowledged'],
  idempotent: true,
});
