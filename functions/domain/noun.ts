import * as z from 'zod/mini';
import { Instant } from './fields.ts';

/**
 * A noun that a tenant keeps, declared once: its members in four groups, by who says them and who sees them. From the declaration follow the
 * type of an item, the body of `POST`, `PUT` and `PATCH`, the stored form, the view and what the chain of changes records.
 *
 * | group      | callers say it          | stored             | shown              | recorded |
 * |------------|-------------------------|--------------------|--------------------|----------|
 * | `input`    | as declared, checked    | without its checks | without its checks | yes      |
 * | `managed`  | –                       | yes                | yes                | yes      |
 * | `internal` | –                       | yes                | –                  | –        |
 * | `computed` | –                       | –                  | yes                | –        |
 *
 * A member of two groups is what callers say in `input`, and elsewhere what the later group says. `z.exactOptional` may be absent and is
 * shown as `null`; `z._default` may be absent when it is said, is always shown, and is read as its default in an item that was stored before
 * the member was declared. Every noun has the three members of `STAMP`, and is shown with its `organization_id`, which is an item's `tenant`.
 * A declaration holds form only: rules are functions.
 */
export function noun<I extends Shape, M extends Shape = None, N extends Shape = None, C extends Shape = None>(
  groups: Groups<I, M, N, C>,
): Noun<I, M, N, C>;
export function noun({ input, managed = {}, internal = {}, computed = {} }: AnyGroups): object {
  const stored = Object.entries(input).filter(([name]) => !(name in computed));
  const own = Object.entries({ ...input, ...managed, ...computed }).filter(([name]) => name !== 'tenant');
  const shown = own.map(([name, member]) => [name, visible(member, input[name])] as const);
  const view = { organization_id: TENANT, ...Object.fromEntries(shown), ...STAMP };
  return {
    body: z.strictObject(input),
    stored: formOf(z.object({ ...Object.fromEntries(stored), ...managed, ...internal, ...STAMP }), 'stored'),
    view: z.strictObject(view),
    show(tenant: string, item: object, computed: object = {}): object {
      const values = new Map(Object.entries({ ...item, organization_id: tenant, ...computed }));
      return Object.fromEntries(Object.keys(view).map((name) => [name, values.get(name) ?? null]));
    },
    said: (item: object): object => only(item, (name) => Object.hasOwn(input, name)),
    recorded: (item: object): object => only(item, (name) => !Object.hasOwn(internal, name)),
  };
}

const only = (item: object, wanted: (name: string) => boolean): object =>
  Object.fromEntries(Object.entries(item).filter(([name]) => wanted(name)));

/** What every item has beside its declared members. */
const STAMP = {
  created_at: Instant.check(z.describe('When it was created.')),
  updated_at: Instant.check(z.describe('When it was last changed.')),
  version: z.int().check(z.describe('Rises with each change; its ETag.')),
};
const TENANT = z.string().check(z.describe('The tenant that it belongs to.'));

type Shape = { readonly [member: string]: z.ZodMiniType };
type AnyGroups = Groups<Shape, Shape, Shape, Shape>;
type None = Record<never, z.ZodMiniType>;
type Over<A, B> = Omit<A, keyof B> & B;

export type Groups<I, M, N, C> = {
  readonly input: I;
  readonly managed?: M;
  readonly internal?: N;
  readonly computed?: C;
};

/** A noun, as everything that follows from its declaration. */
export type Noun<I extends Shape, M, N, C> = {
  readonly body: z.ZodMiniObject<I, z.core.$strict>;
  readonly stored: z.ZodMiniType<Kept<I, M, N, C>>;
  readonly view: z.ZodMiniObject<Seen<I, M, C>, z.core.$strict>;
  /** An item as the API shows it, with its computed members where it has any. */
  show(tenant: string, item: Kept<I, M, N, C>, ...computed: Computed<C>): z.output<Noun<I, M, N, C>['view']>;
  /** What callers would say of an item to leave it as it stands. */
  said(item: Kept<I, M, N, C>): Pick<Kept<I, M, N, C>, keyof I & keyof Kept<I, M, N, C>>;
  /** An item as changes record it. */
  recorded(item: Kept<I, M, N, C>): Omit<Kept<I, M, N, C>, keyof N>;
};

/** An item of a noun, as it is stored and as the domain knows it. */
export type Item<T extends { readonly stored: z.ZodMiniType }> = z.output<T['stored']>;
/** What callers say of an item, its defaults filled in. */
export type Said<T extends { readonly body: z.ZodMiniType }> = Frozen<z.output<T['body']>>;

type Kept<I, M, N, C> = Members<Over<Omit<I, keyof C>, M & N & typeof STAMP>>;
type Members<S> = {
  readonly [K in keyof S as S[K] extends z.ZodMiniExactOptional ? never : K]: Frozen<z.output<S[K]>>;
} & { readonly [K in keyof S as S[K] extends z.ZodMiniExactOptional ? K : never]?: Frozen<z.output<S[K]>> };

type Seen<I, M, C> = { organization_id: typeof TENANT } & Visible<Omit<Over<I, M>, keyof C | 'tenant'>> &
  C &
  typeof STAMP;
type Visible<S> = {
  [K in keyof S]: S[K] extends z.ZodMiniExactOptional<infer T>
    ? z.ZodMiniNullable<T>
    : S[K] extends z.ZodMiniDefault<infer T>
      ? T
      : S[K];
};
type Computed<C> = keyof C extends never ? [] : [{ readonly [K in keyof C]: Frozen<z.output<C[K]>> }];

type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** A member as the view has it, in its own words or those of the input: what may be absent is there as `null`. */
function visible(schema: z.ZodMiniType, said = schema): z.ZodMiniType {
  const isOptional = schema instanceof z.ZodMiniExactOptional;
  const form = formOf(isOptional ? z.nullable(mini(schema._zod.def.innerType)) : schema, 'shown');
  return described(form, z.globalRegistry.has(schema) ? schema : said);
}

/** The form of a schema without its checks: what they allowed once stays readable. Stored objects may hold what only a newer version knows. */
function formOf(schema: z.ZodMiniType, as: 'stored' | 'shown'): z.ZodMiniType {
  const within: Within = (part) => formOf(mini(part), as);
  const made = remade(schema, within, as);
  return as === 'shown' ? described(made, schema) : made;
}

type Within = (part: unknown) => z.ZodMiniType;

function remade(schema: z.ZodMiniType, within: Within, as: 'stored' | 'shown'): z.ZodMiniType {
  if (schema instanceof z.ZodMiniObject) {
    const members = Object.entries(schema.shape).map(([name, one]) => [name, within(one)] as const);
    const shape = Object.fromEntries(members);
    return as === 'stored' ? z.looseObject(shape) : z.strictObject(shape);
  }
  if (schema instanceof z.ZodMiniExactOptional) return z.exactOptional(within(schema._zod.def.innerType));
  if (schema instanceof z.ZodMiniNullable) return z.nullable(within(schema._zod.def.innerType));
  if (schema instanceof z.ZodMiniDefault) {
    const { innerType, defaultValue } = schema._zod.def;
    return as === 'stored' ? z._default(within(innerType), defaultValue) : within(innerType);
  }
  if (schema instanceof z.ZodMiniArray) return z.array(within(schema._zod.def.element));
  if (schema instanceof z.ZodMiniUnion) return z.union(schema._zod.def.options.map(within));
  if (schema instanceof z.ZodMiniRecord) return z.record(z.string(), within(schema._zod.def.valueType));
  if (schema instanceof z.ZodMiniISODateTime) return as === 'shown' ? schema : z.string();
  if (schema instanceof z.ZodMiniString) return z.string();
  return schema instanceof z.ZodMiniNumberFormat ? z.int() : schema;
}

function described(made: z.ZodMiniType, like: z.ZodMiniType): z.ZodMiniType {
  const { description } = z.globalRegistry.get(like) ?? {};
  return description === undefined || made === like ? made : made.check(z.describe(description));
}

function mini(schema: unknown): z.ZodMiniType {
  if (schema instanceof z.ZodMiniType) return schema;
  throw new Error('a declaration is made of schemas of zod/mini');
}
