import type * as z from 'zod/mini';
import { memberLike } from '../../contract/shape.ts';

/** One thing wrong with a request, at one field (`conditions.all.0.op`). */
export type FieldError = { readonly field: string; readonly problem: string };

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Unknown members that are named of one object. */
const MOST_UNKNOWN = 50;

/** What is wrong, in words. A member in another casing comes first, and nobody is told that the member it stands for is missing. */
export function fieldErrors(schema: z.ZodMiniType, issues: readonly Issue[]): readonly FieldError[] {
  const found = issues.flatMap((issue) => errorsOf(schema, [], issue));
  const meant = new Set(found.flatMap(({ meant }) => meant ?? []));
  const told = found.filter(({ field, missing }) => !(missing && meant.has(field)));
  const misspelled = told.filter((error) => error.meant !== undefined);
  return [...misspelled, ...told.filter((error) => error.meant === undefined)].map(({ field, problem }) => ({
    field,
    problem,
  }));
}

type Found = FieldError & {
  readonly missing?: boolean;
  /** The member that was meant. */
  readonly meant?: string;
};

function errorsOf(schema: z.ZodMiniType, above: Path, issue: Issue): readonly Found[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_UNKNOWN).map((key) => unknownMember(schema, path, key));
  }
  if (issue.code === 'invalid_union' && issue.input !== undefined) {
    const nearest = nearestForm(issue.errors);
    if (nearest !== undefined) return nearest.flatMap((one) => errorsOf(schema, path, one));
  }
  return [{ field: nameOf(path), problem: wordsOf(issue), missing: isMissing(issue) }];
}

const nameOf = (path: Path): string => (path.length === 0 ? 'body' : path.map(String).join('.'));

function unknownMember(schema: z.ZodMiniType, path: Path, key: string): Found {
  const field = [...path, key].map(String).join('.');
  const like = memberLike(schema, path, key);
  if (like === undefined) return { field, problem: 'is not known here' };
  return {
    field,
    problem: `is not known here: did you mean ${like}?`,
    meant: [...path, like].map(String).join('.'),
  };
}

/** What is wrong by the form that fits best: one whose fixed words are those given, and then the one with the fewest faults. */
function nearestForm(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const objects = forms.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code !== 'invalid_type'),
  );
  const cost = (issues: readonly Issue[]) =>
    issues.length + issues.filter(({ code }) => code === 'invalid_value').length * MOST_UNKNOWN;
  return [...objects].sort((a, b) => cost(a) - cost(b))[0];
}

const isMissing = (issue: Issue): boolean => issue.code !== 'custom' && issue.input === undefined;

function wordsOf(issue: Issue): string {
  if (isMissing(issue)) return 'is required';
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
      return issue.message === UNSAID ? `is not a valid ${issue.format}` : issue.message;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return formsInWords(issue.errors);
    case 'invalid_key':
    case 'invalid_element':
      return `holds ${issue.issues.map(wordsOf)[0] ?? 'something that is not allowed'}`;
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

/** What zod says where nobody else says anything. */
const UNSAID = 'Invalid input';

/** The types of which a value may be one. */
function formsInWords(forms: readonly (readonly Issue[])[]): string {
  const types = forms.flatMap(([first]) => (first?.code === 'invalid_type' ? [article(first.expected)] : []));
  return types.length === 0
    ? 'fits none of the forms allowed'
    : `must be ${[...new Set(types)].join(' or ')}`;
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`);
const unit = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' || origin === 'set' ? ' items' : '';
