import * as z from 'zod/mini';
import { type Camel, camelName } from './camel.ts';

type Shape = { readonly [member: string]: z.ZodMiniType };
type Own<O extends Shape> = {
  -readonly [M in keyof O as O[M] extends z.ZodMiniExactOptional ? never : M]: z.output<O[M]>;
} & {
  -readonly [M in keyof O as O[M] extends z.ZodMiniExactOptional ? M : never]?: z.output<O[M]>;
};
/** What a view shows in camelCase. Members of `O` stand in for those of the same name. */
export type CamelOf<S extends z.ZodMiniType, O extends Shape = Record<never, z.ZodMiniType>> = Omit<
  Camel<z.output<S>>,
  keyof O
> &
  Own<O>;

/**
 * Returns the schema of a snake_case view with the names of all its members in camelCase, at any depth. `own` are members of the camelCase view
 * alone, or that are shown as they were recorded: a member whose names are keys of users must be among them.
 */
export function camelView<S extends z.ZodMiniObject, O extends Shape = Record<never, z.ZodMiniType>>(
  schema: S,
  own?: O,
): z.ZodMiniType<CamelOf<S, O>>;
export function camelView(schema: z.ZodMiniObject, own: Shape = {}): z.ZodMiniType {
  return z.strictObject({ ...camelShape(schema), ...own });
}

const camelShape = (schema: z.ZodMiniObject): Shape =>
  Object.fromEntries(
    Object.entries(schema.shape).map(([name, member]) => [camelName(name), inCamel(member)]),
  );

function inCamel(part: unknown): z.ZodMiniType {
  if (!(part instanceof z.ZodMiniType)) throw new Error('a view is made of schemas of zod/mini');
  const made = renamed(part);
  const { description } = z.globalRegistry.get(part) ?? {};
  return made === part || description === undefined ? made : made.check(z.describe(description));
}

function renamed(schema: z.ZodMiniType): z.ZodMiniType {
  if (schema instanceof z.ZodMiniObject) return z.strictObject(camelShape(schema));
  if (schema instanceof z.ZodMiniArray) return z.array(inCamel(schema._zod.def.element));
  if (schema instanceof z.ZodMiniNullable) return z.nullable(inCamel(schema._zod.def.innerType));
  if (schema instanceof z.ZodMiniExactOptional) return z.exactOptional(inCamel(schema._zod.def.innerType));
  if (schema instanceof z.ZodMiniUnion) return z.union(schema._zod.def.options.map(inCamel));
  return schema;
}
