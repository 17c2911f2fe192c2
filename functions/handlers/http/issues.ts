import * as z from 'zod/mini';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** One thing wrong with a request, at one field (`conditions.all.0.op`). */
export type FieldError = { readonly field: string; readonly problem: string };

/** Parses a part of a request: its value, or a refusal that names every field that is wrong. */
export function parsed<T>(schema: z.ZodMiniType<T>, input: unknown): { readonly value: T } | Refusal {
  const result = z.safeParse(schema, input, { reportInput: true });
  if (result.success) return { value: result.data };
  return badFields(result.error.issues.slice(0, MOST_ERRORS).flatMap(errorsOf));
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

function errorsOf(issue: z.core.$ZodIssue): readonly FieldError[] {
  const path = issue.path.map(String);
  const at = path.length === 0 ? 'body' : path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MOST_ERRORS)
      .map((key) => ({ field: [...path, key].join('.'), problem: 'is not known here' }));
  }
  return [{ field: at, problem: wordsOf(issue) }];
}

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'custom' && issue.input === undefined) return 'is required';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}${unit(issue.origin)}`;
    case 'too_small':
      return `must be at least ${issue.minimum}${unit(issue.origin)}`;
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return 'pattern' in issue ? `must match ${String(issue.pattern)}` : `is not a valid ${issue.format}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'fits none of the forms allowed';
    case 'invalid_key':
    case 'invalid_element':
      return 'holds something that is not allowed';
    case 'custom':
      return issue.message;
    case 'unrecognized_keys':
      return 'holds unknown fields';
    default: {
      const never: never = issue;
      return never;
    }
  }
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);
const unit = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' || origin === 'set' ? ' items' : '';
