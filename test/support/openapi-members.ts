import * as z from 'zod';

type Json = ReturnType<typeof JSON.parse>;
const Paths = z.record(z.string(), z.record(z.string(), z.any()));

/** Returns the names of members that successful answers must have by one description of the API, and need not have by an earlier one. */
export function demandedSince(now: Json, then: Json): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const walk = (late: Json, early: Json, where: string): void => {
    if (seen.has(where) || where.length > 300) return;
    seen.add(where);
    const [one, other] = [resolved(now, late), resolved(then, early)];
    for (const name of one.required ?? []) if (!(other.required ?? []).includes(name)) found.add(name);
    for (const [name, below] of Object.entries(one.properties ?? {})) {
      const known = other.properties?.[name];
      if (known !== undefined) walk(below, known, `${where}.${name}`);
    }
    if (one.items && other.items) walk(one.items, other.items, `${where}[]`);
    for (const word of ['anyOf', 'oneOf', 'allOf']) {
      for (const [place, each] of (one[word] ?? []).entries()) {
        if (other[word]?.length === one[word].length) walk(each, other[word][place], `${where}|${place}`);
      }
    }
  };
  for (const [path, operations] of Object.entries(Paths.parse(now.paths))) {
    for (const [method, { responses }] of Object.entries(operations)) {
      const before = then.paths[path]?.[method]?.responses ?? {};
      for (const status of Object.keys(responses ?? {}).filter(
        (each) => each.startsWith('2') && each in before,
      )) {
        const [late, early] = [jsonOf(now, responses[status]), jsonOf(then, before[status])];
        if (late && early) walk(late, early, `${method} ${path}`);
      }
    }
  }
  return found;
}

const jsonOf = (document: Json, answer: Json): Json =>
  resolved(document, answer).content?.['application/json']?.schema;

function resolved(document: Json, schema: Json): Json {
  if (typeof schema?.$ref !== 'string') return schema;
  const names: string[] = schema.$ref.split('/').slice(1);
  return resolved(
    document,
    names.reduce((at, name) => at[name], document),
  );
}
