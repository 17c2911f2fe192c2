import type * as z from 'zod/mini';
import type { Condition } from '../../../domain/conditions/condition.ts';

/**
 * A schema that says every member of the domain's type and no other: `exactly<Rule>()(z.looseObject({ … }))`. Loose objects may hold more, and
 * an optional member that is missing here would still fit the type: stored, it would be read back without anyone noticing. Here it does not
 * compile; the error names the members that differ.
 */
export const exactly =
  <T>() =>
  <S extends z.ZodMiniType>(
    schema: S & ([Differing<z.output<S>, T>] extends [never] ? unknown : Unlike<Differing<z.output<S>, T>>),
  ): S =>
    schema;

/** What no schema has: the compiler names each missing property, and so each member that differs. */
type Unlike<Members extends string> = { readonly [M in Members as `differs from the domain in ${M}`]: never };

/** The paths of members that only one of two types has, or that are optional in one alone. */
export type Differing<A, B> = Exclude<Paths<A>, Paths<B>> | Exclude<Paths<B>, Paths<A>>;

/** Every member at every depth as a text; `?` behind an optional one. Lists and unions are looked through; what may be any JSON is not. */
type Paths<T, At extends string = ''> = unknown extends T
  ? never
  : T extends Condition
    ? never
    : T extends readonly (infer E)[]
      ? Paths<E, `${At}[]`>
      : T extends object
        ? PathsOf<Bare<T>, `${At}${Form<T>}`>
        : never;

/** An object without the members of a record, whose names are not known. */
type Bare<T> = { [K in keyof T as string extends K ? never : K]: T[K] };

type PathsOf<T, At extends string> = {
  [K in keyof T & string]-?: `${At}.${K}${IsOptional<T, K>}` | Paths<Required<T>[K], `${At}.${K}`>;
}[keyof T & string];

type IsOptional<T, K extends keyof T> = Record<never, never> extends Pick<T, K> ? '?' : '';

/** The form of a union to which a member belongs, by the words that tell forms apart. */
type Form<T> = `${Word<T, 'type'>}${Word<T, 'status'>}${Word<T, 'kind'>}${Word<T, 'by'>}`;

type Word<T, K extends string> = T extends { readonly [name in K]: infer W extends string }
  ? string extends W
    ? ''
    : `<${W}>`
  : '';
