import * as z from 'zod/mini';

/** A JSON object of the document. */
export type Part = { readonly [name: string]: unknown };

export const reference = (name: string): Part => ({ $ref: `#/components/schemas/${name}` });

/** The name of a schema: words without spaces, each with a capital. */
export const pascal = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** A value may be any JSON: the one recursive schema of the contract, which generators understand best as nothing but a name. */
const ANY_JSON: Part = { description: 'Any JSON value.' };
const JSON_VALUE = 'JsonValue';

/** Schemas by name; one that has two names is written once, and the second name refers to the first. */
export function jsonSchemas(
  named: readonly (readonly [string, z.ZodMiniType])[],
  io: 'input' | 'output',
): { readonly [name: string]: Part } {
  const registry = z.registry<{ id: string }>();
  const aliases: [string, Part][] = [];
  for (const [id, schema] of named) {
    const first = registry.get(schema)?.id;
    if (first === undefined) registry.add(schema, { id });
    else if (first !== id) aliases.push([id, reference(first)]);
  }
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(registry, { io, uri, override });
  // What refers to itself comes in the `$defs` of one called `__shared`.
  const text = JSON.stringify(schemas).replaceAll(
    /#\/components\/schemas\/__shared#\/\$defs\/\w+/g,
    uri(JSON_VALUE),
  );
  const { __shared, ...own }: { [id: string]: { [name: string]: unknown } } = JSON.parse(text);
  const shared = Object.values(Object(__shared?.['$defs']));
  if (!shared.every(isAnyJson)) throw new Error('a recursive schema has no name yet');
  const written = Object.entries(own).map(([id, { $schema: _, $id: __, id: ___, ...schema }]) => [
    id,
    schema,
  ]);
  return Object.fromEntries([
    ...written,
    ...aliases,
    ...(shared.length === 0 ? [] : [[JSON_VALUE, ANY_JSON]]),
  ]);
}

/** Properties of Unicode characters are not in every dialect of regular expressions: what has them is said by its format. */
function override({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.pattern?.includes('\\p{') !== true) return;
  delete jsonSchema.pattern;
  jsonSchema.format = 'email';
}

/** Whether a schema is that of any JSON: texts, numbers, booleans, null, and lists and objects of itself. */
function isAnyJson(schema: unknown): boolean {
  if (!isPart(schema) || !Array.isArray(schema['anyOf'])) return false;
  const types = schema['anyOf'].map((one: unknown) => (isPart(one) ? one['type'] : undefined));
  return types.join() === 'string,number,boolean,null,array,object';
}

/**
 * The same schemas with every object in them under a name of its own, made from where it stands: clients get a type for each, and what stands
 * in several places is written once.
 */
export function withNamedObjects(schemas: { readonly [name: string]: Part }): Part {
  const out = new Map<string, Part>();
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(schemas)) {
    const text = JSON.stringify(schema);
    if (isObject(schema) && !names.has(text)) names.set(text, name);
  }
  const named = (schema: Part, wanted: string): Part => {
    const text = JSON.stringify(schema);
    const known = names.get(text);
    if (known !== undefined) return reference(known);
    const name = freeName(wanted, (one) => one in schemas || out.has(one));
    names.set(text, name);
    out.set(name, {});
    out.set(name, within(schema, name));
    return reference(name);
  };
  const child = (schema: unknown, wanted: string): unknown => {
    if (!isPart(schema)) return schema;
    return isObject(schema) ? named(schema, wanted) : within(schema, wanted);
  };
  const within = (schema: Part, name: string): Part =>
    Object.fromEntries(
      Object.entries(schema).map(([keyword, value]) => {
        if (keyword === 'properties' && isPart(value)) {
          const members = Object.entries(value);
          return [
            keyword,
            Object.fromEntries(
              members.map(([member, one]) => [member, child(one, `${name}${pascal(member)}`)]),
            ),
          ];
        }
        if (keyword === 'items') return [keyword, child(value, `${name}Item`)];
        if (keyword === 'additionalProperties') return [keyword, child(value, `${name}Value`)];
        if ((keyword === 'anyOf' || keyword === 'oneOf') && Array.isArray(value))
          return [keyword, forms(value, name)];
        return [keyword, value];
      }),
    );
  const forms = (members: readonly unknown[], name: string): readonly unknown[] => {
    const objects = members.filter((one) => isPart(one) && isObject(one)).length;
    return members.map((one, at) =>
      child(one, objects > 1 ? `${name}${labelOf(one) ?? `Form${at + 1}`}` : `${name}Value`),
    );
  };
  for (const [name, schema] of Object.entries(schemas)) {
    const first = names.get(JSON.stringify(schema));
    out.set(name, first !== undefined && first !== name ? reference(first) : within(schema, name));
  }
  return Object.fromEntries([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  let name = wanted;
  for (let at = 2; isTaken(name); at += 1) name = `${wanted}${at}`;
  return name;
}

/** The word by which one form differs from the others: the first member that has one fixed value. */
function labelOf(schema: unknown): string | undefined {
  if (!isPart(schema) || !isPart(schema['properties'])) return undefined;
  const words = Object.values(schema['properties']).flatMap((one) =>
    isPart(one) && typeof one['const'] === 'string' ? [one['const']] : [],
  );
  return words[0] === undefined ? undefined : pascal(words[0]);
}

const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isObject = (schema: Part): boolean =>
  isPart(schema['properties']) && Object.keys(schema['properties']).length > 0;
