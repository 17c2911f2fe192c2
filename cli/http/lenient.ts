import * as z from 'zod/mini';

/** Rounds of leaving members out: one for each level at which a newer server may add some. */
const ROUNDS = 8;

/** Reads what a server answered by the contract. Members that a newer server adds are left out; everything else must fit. */
export function lenient<T>(schema: z.ZodMiniType<T>, answer: unknown): z.core.util.SafeParseResult<T> {
  let read = z.safeParse(schema, answer);
  const known = read.success ? answer : structuredClone(answer);
  for (let round = 0; round < ROUNDS && !read.success; round += 1) {
    const unknown = read.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? [{ path: issue.path, keys: issue.keys }] : [],
    );
    if (unknown.length === 0) return read;
    for (const { path, keys } of unknown) leaveOut(known, path, keys);
    read = z.safeParse(schema, known);
  }
  return read;
}

function leaveOut(from: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  const holder = path.reduce<unknown>((at, name) => (isObject(at) ? Reflect.get(at, name) : undefined), from);
  if (!isObject(holder)) return;
  for (const key of keys) Reflect.deleteProperty(holder, key);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
