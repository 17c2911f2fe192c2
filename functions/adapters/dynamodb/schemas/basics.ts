import * as z from 'zod/mini';
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

export const facts = z.custom<{ readonly [name: string]: Json }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
