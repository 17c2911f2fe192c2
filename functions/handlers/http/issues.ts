import * as z from 'zod/mini';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { type FieldError, fieldErrors } from './issue-words.ts';

/** Parses a part of a request: its value, or a refusal that names every field that is wrong. */
export function parsed<T>(schema: z.ZodMiniType<T>, input: unknown): { readonly value: T } | Refusal {
  const result = z.safeParse(schema, input, { reportInput: true });
  if (result.success) return { value: result.data };
  return badFields(fieldErrors(schema, result.error.issues.slice(0, MOST_ERRORS)));
}

/** Errors that one answer names: who has mended so many asks again. */
const MOST_ERRORS = 50;
/** Characters of a field's name in an answer: it is the caller's own, and may be as long as the body. */
const MOST_NAMED = 200;

/** The refusal for fields that are wrong; `detail` names the first. At most 50 are named. */
export function badFields(fields: readonly FieldError[]): Refusal {
  const errors = fields
    .slice(0, MOST_ERRORS)
    .map(({ field, ...rest }) => ({ field: field.slice(0, MOST_NAMED), ...rest }));
  const [first] = errors;
  const detail = first === undefined ? 'the request is malformed' : `${first.field} ${first.problem}`;
  return refuse('invalid_request', detail, { errors });
}
