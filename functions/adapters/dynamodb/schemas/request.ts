import * as z from 'zod/mini';
import { REFUSALS } from '../../../domain/refusal.ts';
import type { Denial } from '../../../ports/denials.ts';
import type { TaskToken } from '../../../ports/promotion-store.ts';
import type { StoredAnswer } from '../../../ports/transaction.ts';
import { count, digest, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';
import { actor } from './identity.ts';

export const answer: z.ZodMiniType<StoredAnswer> = exactly<StoredAnswer>()(
  z.looseObject({
    key: digest,
    body_digest: digest,
    status: count,
    headers: z.record(text, text),
    body: text,
    expires_at: text,
  }),
);

export const taskToken: z.ZodMiniType<TaskToken> = exactly<TaskToken>()(
  z.looseObject({
    token: text,
    attempt: count,
    entered_time: text,
    retry_count: count,
    state: z.enum(['await', 'execute_and_wait']),
  }),
);

export const denial: z.ZodMiniType<Denial> = exactly<Denial>()(
  z.looseObject({
    tenant: text,
    at: text,
    actor,
    code: z.enum(REFUSALS),
    action: text,
    promotion_id: maybe(text),
  }),
);

/** What the place of an open promotion, or of an automatic attempt, names. */
export const holder = z.looseObject({ promotion_id: text });
