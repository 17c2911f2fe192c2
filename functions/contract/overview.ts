import * as z from 'zod/mini';
import { DigestText, Instant } from '../domain/fields.ts';
import { KINDS } from '../domain/subject.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { PromotionView } from './promotion-view.ts';

/** What runs where, in one answer: the first thing that people ask. */

/** What is active in one place. `version` is the label of its deployment, where there is one; `since` when it became active. */
const CellView = z.strictObject({
  environment: z.string(),
  gateway_id: z.nullable(z.string()),
  digest: DigestText,
  revision: z.int(),
  version: z.nullable(z.string()),
  deployment_id: z.nullable(z.string()),
  since: Instant,
});

const PlaceView = z.strictObject({
  name: z.string(),
  aliases: z.array(z.string()),
  protected: z.boolean(),
  /** Its own lock, or else the tenant's. */
  lock: z.nullable(z.strictObject({ reason: z.string(), by: z.string(), at: Instant })),
  /** What freezes it now; `ends_at` is `null` where no end comes within a year. */
  freeze: z.nullable(z.strictObject({ reason: z.string(), ends_at: z.nullable(Instant) })),
});

export const OverviewView = z.strictObject({
  as_of: Instant,
  environments: z.array(PlaceView),
  subjects: z.array(z.strictObject({ kind: z.enum(KINDS), name: z.string(), active: z.array(CellView) })),
  promotions: z.array(PromotionView),
  waiting: z.array(z.string()),
  /** Whether `waiting` names all that wait for the caller; `GET /api/v1/promotions?waiting_for=me` goes on. */
  complete: z.boolean(),
});
export type OverviewView = z.infer<typeof OverviewView>;

export const getOverview = endpoint({
  method: 'GET',
  path: '/api/v1/overview',
  operation: 'getOverview',
  summary: 'Get what runs where, what moves, and what waits for the caller',
  tag: 'overview',
  body: EMPTY,
  query: EMPTY,
  response: OverviewView,
  status: [200, 304],
  errors: [],
});
