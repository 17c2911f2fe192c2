import * as z from 'zod/mini';
import { ROLES } from '../../../domain/identity/principal.ts';
import { CHANNELS } from '../../../domain/identity/via.ts';
import type { MachineIdentity, Membership, Tenant } from '../../../ports/directory.ts';
import { count, maybe, text, texts } from './basics.ts';
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

const grants = z.array(z.looseObject({ role: z.enum(ROLES), environment: maybe(text) }));

export const membership: z.ZodMiniType<Membership> = exactly<Membership>()(
  z.looseObject({
    tenant: text,
    subject: text,
    user_id: text,
    email: text,
    groups: texts,
    grants,
    status: z.enum(['active', 'inactive']),
    admin_since: maybe(text),
    version: count,
    created_at: text,
    updated_at: text,
  }),
);

export const machine: z.ZodMiniType<MachineIdentity> = exactly<MachineIdentity>()(
  z.looseObject({
    id: text,
    tenant: text,
    account: text,
    role: text,
    unique_id: text,
    name: text,
    owner: text,
    grants,
    groups: texts,
    version: count,
    created_at: text,
    updated_at: text,
  }),
);

export const tenant: z.ZodMiniType<Tenant> = exactly<Tenant>()(
  z.looseObject({
    id: text,
    name: text,
    created_at: text,
    version: count,
  }),
);
