import * as z from 'zod/mini';

/** Rounds of mending: one for each level at which another version of the server may have other members. */
const ROUNDS = 8;

/** Members that answers have since the last release, and what their absence means. A test compares the two descriptions of the API. */
export const ABSENT: Readonly<Record<string, unknown>> = {
  complete: false,
  failed_at: null,
  failedAt: null,
  show_values: false,
};

/**
 * Reads what a server answered by the contract. Members that a newer server adds are left out, and those that an older one does not know
 * yet are filled in; everything else must fit.
 */
export function lenient<T>(
  schema: z.ZodMiniType<T>,
  answer: unknown,
  { older = false } = {},
): z.core.util.SafeParseResult<T> {
  let read = z.safeParse(schema, answer);
  const known = read.success ? answer : structuredClone(answer);
  for (let round = 0; round < ROUNDS && !read.success; round += 1) {
    const mended = read.error.issues.filter((issue) => mend(known, issue, older));
    if (mended.length === 0) return read;
    read = z.safeParse(schema, known);
  }
  return read;
}

/** Whether an issue was one of another version, and is none any more. */
function mend(known: unknown, issue: z.core.$ZodIssue, older: boolean): boolean {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const holder = at(known, path);
    for (const key of issue.keys) if (isObject(holder)) Reflect.deleteProperty(holder, key);
    return true;
  }
  const [holder, name] = [at(known, path.slice(0, -1)), String(path.at(-1))];
  if (!older || !isObject(holder) || Object.hasOwn(holder, name) || !Object.hasOwn(ABSENT, name))
    return false;
  return Reflect.set(holder, name, ABSENT[name]);
}

const at = (from: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((holder, name) => (isObject(holder) ? Reflect.get(holder, name) : undefined), from);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
