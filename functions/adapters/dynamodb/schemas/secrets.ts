import * as z from 'zod/mini';
import type { Session } from '../../../domain/identity/session.ts';
import { CHANNELS } from '../../../domain/identity/via.ts';
import { type ApprovalLink, LINK_DECISIONS, type LinkUse } from '../../../domain/link/link.ts';
import { digest, text } from './basics.ts';
import { exactly } from './exactly.ts';

export const session: z.ZodMiniType<Session> = exactly<Session>()(
  z.looseObject({
    token_hash: digest,
    subject: text,
    created_at: text,
    expires_at: text,
  }),
);

/** A link without its use, which the commit of the decision adds beside it. */
export const link: z.ZodMiniType<Omit<ApprovalLink, 'used'>> = exactly<Omit<ApprovalLink, 'used'>>()(
  z.looseObject({
    token_hash: digest,
    id: text,
    tenant: text,
    promotion_id: text,
    manifest_digest: digest,
    subject: text,
    email: text,
    channel: z.enum(CHANNELS),
    created_at: text,
    expires_at: text,
  }),
);

export const linkUse: z.ZodMiniType<LinkUse> = exactly<LinkUse>()(
  z.looseObject({ at: text, decision: z.enum(LINK_DECISIONS) }),
);
