import * as z from 'zod/mini';
import { CHANNELS } from '../../../domain/identity/via.ts';
import type { Tenant } from '../../../ports/directory.ts';
import { count, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';

export const actor = z.looseObject({
  subject: text,
  email: text,
  kind: z.enum(['person', 'machine', 'system']),
  owner: maybe(text),
  via: maybe(
    z.looseObject({
      channel: z.enum(CHANNELS),
      link_id: maybe(text),
      notification_channel: maybe(text),
      slack_app: maybe(text),
    }),
  ),
});

export const tenant: z.ZodMiniType<Tenant> = exactly<Tenant>()(
  z.looseObject({
    id: text,
    name: text,
    created_at: text,
    version: count,
  }),
);
