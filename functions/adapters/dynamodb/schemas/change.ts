import * as z from 'zod/mini';
import { CHANGE_ACTIONS, CHANGE_TARGETS, type Change } from '../../../domain/audit/change.ts';
import type { Weakened } from '../../../domain/promotion/governor.ts';
import { count, digestOrNull, maybe, text } from './basics.ts';
import { actor } from './identity.ts';

const value = z.custom<object>((given) => typeof given === 'object' && given !== null);

const kinds = z.array(z.enum(['config', 'artifact', 'agent']));

export const weakened: z.ZodMiniType<Weakened> = z.looseObject({
  seq: count,
  at: text,
  by: z.array(actor),
  machines: z.array(text),
  weakens: z.array(z.looseObject({ what: text, kinds })),
});

export const change: z.ZodMiniType<Change> = z.looseObject({
  v: z.union([z.literal(1), z.literal(2)]),
  seq: count,
  at: text,
  actor,
  action: z.enum(CHANGE_ACTIONS),
  target: z.looseObject({ type: z.enum(CHANGE_TARGETS), id: text }),
  reason: maybe(text),
  weakens: maybe(z.array(z.looseObject({ environment: text, what: text, kinds }))),
  before: digestOrNull,
  after: digestOrNull,
  prev: digestOrNull,
  values: maybe(z.looseObject({ before: maybe(value), after: maybe(value) })),
});
