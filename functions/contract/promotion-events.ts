import * as z from 'zod/mini';
import { VERBS, type Verb } from '../domain/notification/verb.ts';
import { Id } from './fields.ts';

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
        kind: z.optional(z.enum(['config', 'artifact', 'agent'])),
      }),
    }),
  }),
});

/** A message of the queue `deliveries`: which channel is to look at which promotion, or that its record is to be attached. */
export const DeliveryMessage = z.union([
  z.object({ tenant: Id, channel_id: Id, promotion_id: Id }),
  z.object({ tenant: Id, promotion_id: Id, attach: z.literal('record') }),
]);
