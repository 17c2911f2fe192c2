import * as z from 'zod/mini';

/** Reads and rebuilds schemas of bodies: objects, and unions of them. */

type Shape = { readonly [name: string]: z.ZodMiniType };

/** What was read of a schema already: every request asks again. */
const known = new WeakMap<z.ZodMiniType, readonly Shape[]>();

/** The objects that a schema allows. */
function shapesOf(schema: z.ZodMiniType): readonly Shape[] {
  const shapes = known.get(schema) ?? readShapes(schema);
  known.set(schema, shapes);
  return shapes;
}

function readShapes(schema: z.ZodMiniType): readonly Shape[] {
  if (schema instanceof z.ZodMiniObject)
    return [Object.fromEntries(Object.entries(schema.shape).flatMap(member))];
  if (schema instanceof z.ZodMiniUnion || schema instanceof z.ZodMiniDiscriminatedUnion) {
    return optionsOf(schema).flatMap(shapesOf);
  }
  return [];
}

const member = ([name, schema]: [string, unknown]): [string, z.ZodMiniType][] =>
  schema instanceof z.ZodMiniType ? [[name, schema]] : [];

const optionsOf = (schema: z.ZodMiniUnion | z.ZodMiniDiscriminatedUnion): readonly z.ZodMiniType[] =>
  schema._zod.def.options.filter((option) => option instanceof z.ZodMiniType);

/** The names of all members that a schema allows. */
export function membersOf(schema: z.ZodMiniType): readonly string[] {
  return [...new Set(shapesOf(schema).flatMap((shape) => Object.keys(shape)))];
}

/** A member of a body in words. */
export type MemberWords = {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly default?: unknown;
};

/** The members of a body in words; of several forms, each member once. */
export function wordsOfMembers(schema: z.ZodMiniType): readonly MemberWords[] {
  const members = new Map(shapesOf(schema).flatMap((shape) => Object.entries(shape)));
  return [...members].map(([name, one]) => ({
    name,
    required: unwrapped(one) === one,
    description: z.globalRegistry.get(one)?.description ?? '',
    ...(one instanceof z.ZodMiniDefault ? { default: one._zod.def.defaultValue } : {}),
  }));
}

/** The names of all members that a schema allows, at any depth but inside those named `closed`. */
export function everyMemberOf(schema: z.ZodMiniType, closed: readonly string[] = []): readonly string[] {
  const one = plain(schema);
  if (one instanceof z.ZodMiniArray) return inside(one, 0).flatMap((item) => everyMemberOf(item, closed));
  return shapesOf(one).flatMap((shape) =>
    Object.entries(shape).flatMap(([name, member]) => [
      name,
      ...(closed.includes(name) ? [] : everyMemberOf(member, closed)),
    ]),
  );
}

/** The member of the objects at a path whose letters are those of a name in another casing; `undefined` where there is none. */
export function memberLike(
  schema: z.ZodMiniType,
  path: readonly PropertyKey[],
  name: string,
): string | undefined {
  const at = path.reduce<readonly z.ZodMiniType[]>(
    (schemas, step) => schemas.flatMap((one) => inside(one, step)),
    [schema],
  );
  const letters = lettersOf(name);
  return at.flatMap((one) => membersOf(plain(one))).find((member) => lettersOf(member) === letters);
}

const lettersOf = (name: string): string => name.replaceAll(/[_-]/g, '').toLowerCase();

/** What a schema says of one member, or of one item. */
function inside(schema: z.ZodMiniType, step: PropertyKey): readonly z.ZodMiniType[] {
  const one = plain(schema);
  if (one instanceof z.ZodMiniArray) {
    const { element } = one._zod.def;
    return element instanceof z.ZodMiniType ? [element] : [];
  }
  return shapesOf(one).flatMap((shape) =>
    Object.entries(shape).flatMap(([name, member]) => (name === step ? [member] : [])),
  );
}

/** A schema without the wrappings of what may be absent or `null`. */
function plain(schema: z.ZodMiniType): z.ZodMiniType {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodMiniNullable ? nonNull(inner) : inner;
}

/** A schema with one more member, which may be absent. */
export function withMember(schema: z.ZodMiniType, added: Added): z.ZodMiniType {
  return rebuilt(schema, (shape) => ({ ...shape, [added.name]: z.exactOptional(added.schema) }));
}
type Added = { readonly name: string; readonly schema: z.ZodMiniType };

/**
 * What replaces an item, given what creates one: `demanded` members are required, `readonly` ones may be repeated. Of a `patch` every
 * member may be absent, or `null`.
 */
export function replacing(
  schema: z.ZodMiniType,
  about: {
    readonly demanded?: readonly string[];
    readonly readonly: readonly string[];
    readonly patch?: true;
    readonly why?: Added;
  },
): z.ZodMiniType {
  const { demanded = [], readonly, patch, why } = about;
  return rebuilt(schema, (shape) => {
    const members = Object.entries(shape).map(([name, one]): [string, z.ZodMiniType] => {
      const inner = unwrapped(one);
      if (patch) return [name, described(z.exactOptional(z.nullable(inner)), one)];
      return [name, demanded.includes(name) ? described(inner, one) : one];
    });
    const repeated = readonly.map((name): [string, z.ZodMiniType] => [name, REPEATED]);
    const said = why === undefined ? {} : { [why.name]: z.exactOptional(why.schema) };
    return { ...Object.fromEntries([...members, ...repeated]), ...said };
  });
}

const REPEATED = z
  .exactOptional(z.unknown())
  .check(z.describe('Cannot be changed: it may be left out, or repeat its value.'));

/** A schema with the description of another. */
function described(made: z.ZodMiniType, like: z.ZodMiniType): z.ZodMiniType {
  const { description } = z.globalRegistry.get(like) ?? {};
  return description === undefined ? made : made.check(z.describe(description));
}

function rebuilt(schema: z.ZodMiniType, change: (shape: Shape) => Shape): z.ZodMiniType {
  const [first, ...others] = shapesOf(schema).map((shape) => z.strictObject(change(shape)));
  if (first === undefined) throw new Error('a body is an object, or one of several');
  return others.length === 0 ? first : z.union([first, ...others]);
}

function unwrapped(schema: z.ZodMiniType): z.ZodMiniType {
  if (!(schema instanceof z.ZodMiniExactOptional || schema instanceof z.ZodMiniDefault)) return schema;
  const inner = schema._zod.def.innerType;
  return inner instanceof z.ZodMiniType ? inner : schema;
}

/**
 * An input without the members that are `null` where a schema lets them be absent and does not take `null`: there `null` means absent.
 * What a schema does not describe, such as the inside of a value, stays as it is.
 */
export function withoutNulls(schema: z.ZodMiniType, input: unknown): unknown {
  const inner = unwrapped(schema);
  if (Array.isArray(input)) {
    if (!(inner instanceof z.ZodMiniArray)) return input;
    const element = inner._zod.def.element;
    return element instanceof z.ZodMiniType ? input.map((one) => withoutNulls(element, one)) : input;
  }
  if (typeof input !== 'object' || input === null) return input;
  const shapes = shapesOf(inner instanceof z.ZodMiniNullable ? nonNull(inner) : inner);
  const members = Object.entries(input).flatMap(([name, value]): [string, unknown][] => {
    const schemaOf = shapes.find((shape) => Object.hasOwn(shape, name))?.[name];
    if (schemaOf === undefined) return [[name, value]];
    return value === null && isAbsent(schemaOf) ? [] : [[name, withoutNulls(schemaOf, value)]];
  });
  return Object.fromEntries(members);
}

const isAbsent = (schema: z.ZodMiniType): boolean =>
  unwrapped(schema) !== schema && !z.safeParse(schema, null).success;

function nonNull(schema: z.ZodMiniNullable): z.ZodMiniType {
  const inner = schema._zod.def.innerType;
  return inner instanceof z.ZodMiniType ? inner : schema;
}
