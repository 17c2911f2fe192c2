import * as z from 'zod/mini';
import type { Change } from '../../../domain/audit/change.ts';
import { CHANGE_ACTIONS, CHANGE_TARGETS, UNCONFIRMED } from '../../../domain/audit/change-words.ts';
import type { PendingChange } from '../../../domain/audit/pending-change.ts';
import type { Weakened } from '../../../domain/promotion/governor.ts';
import { KINDS } from '../../../domain/subject.ts';
import { count, digestOrNull, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';
import { actor } from './identity.ts';

const value = z.custom<object>((given) => typeof given === 'object' && given !== null);

const kinds = z.array(z.enum(KINDS));
/** Absent: it weakens. */
const is = maybe(z.enum(['redirects', 'grants', 'reveals', 'loses']));

export const weakened: z.ZodMiniType<Weakened> = exactly<Weakened>()(
  z.looseObject({
    seq: count,
    at: text,
    by: z.array(actor),
    machines: z.array(text),
    weakens: z.array(z.looseObject({ what: text, kinds, is })),
  }),
);

const target = z.looseObject({ type: z.enum(CHANGE_TARGETS), id: text });
const weakens = z.array(
  z.looseObject({
    environment: text,
    what: text,
    kinds,
    is,
    from: maybe(text),
    to: maybe(text),
    type: maybe(z.enum(['promotion', 'rollback'])),
  }),
);
const values = z.looseObject({ before: maybe(value), after: maybe(value) });

export const change: z.ZodMiniType<Change> = exactly<Change>()(
  z.looseObject({
    v: z.union([z.literal(1), z.literal(2)]),
    seq: count,
    at: text,
    actor,
    action: z.enum(CHANGE_ACTIONS),
    target,
    reason: maybe(text),
    weakens: maybe(weakens),
    confirmed_by: maybe(actor),
    unconfirmed: maybe(z.enum(UNCONFIRMED)),
    confirms: maybe(text),
    guards: maybe(z.record(text, count)),
    before: digestOrNull,
    after: digestOrNull,
    prev: digestOrNull,
    values: maybe(values),
  }),
);

export const pendingChange: z.ZodMiniType<PendingChange> = exactly<PendingChange>()(
  z.looseObject({
    id: text,
    asked_by: actor,
    expires_at: text,
    action: z.enum(['create', 'update', 'delete']),
    target,
    fields: maybe(value),
    expected: count,
    reason: text,
    weakens,
    values,
    version: count,
    created_at: text,
    updated_at: text,
  }),
);
