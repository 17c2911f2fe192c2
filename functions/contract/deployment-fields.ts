import * as z from 'zod/mini';
import { DEPLOYMENT_STATUSES } from '../domain/deployment/deployment.ts';
import { Instant } from '../domain/fields.ts';
import { toInstant } from '../domain/instant.ts';

/** Fields that both views of a deployment have. */

/** An instant in the one form that Sluice stores: UTC with milliseconds, so that texts sort as time does. */
export const Moment = z.pipe(
  Instant,
  z.transform((text: string, context) => {
    const instant = toInstant(text);
    if (instant !== undefined) return instant;
    context.issues.push({ code: 'custom', message: 'is not an instant', input: text });
    return z.NEVER;
  }),
);
/** A commit that a deployment ships; `committedAt` is when it was committed. */
export const Sha = z.string().check(z.regex(/^[0-9a-f]{7,64}$/));
export const MOST_COMMITS = 500;
export const Status = z.enum(DEPLOYMENT_STATUSES);
export const optionalText = z.nullable(z.string());
