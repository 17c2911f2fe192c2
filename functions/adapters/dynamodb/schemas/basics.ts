import * as z from 'zod/mini';
import type { Condition } from '../../../domain/conditions/condition.ts';
import { OPERATORS } from '../../../domain/conditions/condition.ts';
import { type Digest, isDigest } from '../../../domain/digest.ts';
import type { Json } from '../../../domain/jcs.ts';

/**
 * Shapes of what the table holds. Objects are loose: during a deployment an older function reads, and writes back, members
 * that only a newer one knows. `exactly` holds each against the domain's type, so that no member is forgotten.
 */
export const text = z.string();
export const flag = z.boolean();
export const count = z.int();
export const maybe = z.exactOptional;
export const texts = z.array(text);

export const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));
export const digestOrNull = z.nullable(digest);

/** Whatever a body holds was parsed from JSON. Handed on as it is: a copy by `z.json` would drop members called `__proto__`. */
export const json = z.custom<Json>((value) => value !== undefined);
export const facts = z.custom<{ readonly [name: string]: Json }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

export const condition: z.ZodMiniType<Condition> = z.lazy(() =>
  z.union([
    z.object({ all: z.array(condition) }),
    z.object({ any: z.array(condition) }),
    z.object({ not: condition }),
    z.object({ field: text, op: z.enum(OPERATORS), value: json }),
  ]),
);
