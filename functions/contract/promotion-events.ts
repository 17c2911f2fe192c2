import * as z from 'zod/mini';
import { Id } from '../domain/fields.ts';
import { DRIFTED } from '../domain/notification/drift-notice.ts';
import { VERBS, type Verb } from '../domain/notification/verb.ts';
import { KINDS } from '../domain/subject.ts';

const verbs: readonly Verb[] = Object.values(VERBS);

/**
 * What notifications read of an event on the bus: CloudEvents 1.0 in `detail`, whose custom data names a tenant's promotion. What
 * is told is read from the promotion's chain, never from the hint.
 */
export const PromotionHint = z.object({
  detail: z.object({
    specversion: z.literal('1.0'),
    id: z.string(),
    type: z.string(),
    data: z.object({
      customData: z.object({
        tenant: Id,
        promotion_id: Id,
        environment: Id,
        verb: z.enum(verbs),
        verbs: z.optional(z.array(z.enum(verbs))),
        followed: z.optional(z.boolean()),
        kind: z.optional(z.enum(KINDS)),
      }),
    }),
  }),
});

/** A change that went past Sluice, as the bus and the queue carry it: nothing else of it is kept. */
const drift = {
  id: Id,
  environment: Id,
  kind: z.enum(KINDS),
  name: z.string(),
  gateway: z.optional(z.string()),
  observed: z.object({ as: z.enum(['digest', 'image_tag', 'root']), value: z.string() }),
  recorded: z.nullable(z.string()),
  at: z.string(),
  by: z.string(),
};
export const DriftHint = z.object({
  detail: z.object({
    specversion: z.literal('1.0'),
    type: z.literal(DRIFTED),
    data: z.object({ customData: z.object({ ...drift, tenant: Id }) }),
  }),
});

/**
 * A message of the queue `deliveries`: which channel is to look at which promotion or to tell of which drift, that a promotion's record
 * is to be attached, or its trace sent.
 */
export const DeliveryMessage = z.union([
  z.object({
    tenant: Id,
    channel_id: Id,
    promotion_id: Id,
    drift: z.optional(z.object({ ...drift, tenant: Id })),
  }),
  z.object({ tenant: Id, promotion_id: Id, attach: z.literal('record') }),
  z.object({ tenant: Id, promotion_id: Id, send: z.literal('trace') }),
]);
