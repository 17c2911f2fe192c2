import * as z from 'zod/mini';
import { CHANGE_TARGETS } from '../domain/audit/change-words.ts';
import { Instant } from '../domain/fields.ts';
import { CLASSES } from '../domain/policy/weakening/classes.ts';
import { KINDS } from '../domain/subject.ts';
import { ActorView } from './actor-view.ts';

const Value = z.record(z.string(), z.unknown());

/** What a change does to what governs promotions: where, what, for which kinds, and its class; absent: it weakens. */
export const Weakens = z.array(
  z.strictObject({
    environment: z.string(),
    what: z.string(),
    kinds: z.array(z.enum(KINDS)),
    is: z.exactOptional(z.enum(CLASSES)),
    /** Both ends, in words: `5` and `4`. */
    from: z.exactOptional(z.string()),
    to: z.exactOptional(z.string()),
    /** Absent: for promotions and rollbacks. */
    type: z.exactOptional(z.enum(['promotion', 'rollback'])),
  }),
);
/** What stood before a change, and what stands after it. */
export const Values = z.strictObject({ before: z.nullable(Value), after: z.nullable(Value) });

/** A change that weakens a protected environment and waits for a second admin; or what became of it. */
export const PendingChangeView = z.strictObject({
  id: z.string(),
  organization_id: z.string(),
  status: z.enum(['pending', 'expired', 'confirmed', 'discarded']),
  action: z.enum(['create', 'update', 'delete']),
  target: z.strictObject({ type: z.enum(CHANGE_TARGETS), id: z.string() }),
  reason: z.string(),
  weakens: Weakens,
  values: Values,
  asked_by: ActorView,
  asked_at: Instant,
  expires_at: Instant,
});
export type PendingChangeView = z.infer<typeof PendingChangeView>;
