import type { Refusal } from '../domain/refusal.ts';
import type { Endpoint } from './endpoint.ts';
import { everyMemberOf } from './shape.ts';

/** The second casing of the API, derived from the first. */

/** Where everything is in camelCase: the APIs of configuration and of the platform's pipelines. */
const CAMEL = ['/api/v1/config/', '/api/v1/platform/'];

/** Whether an operation speaks camelCase. */
export function isCamel({ path }: Pick<Endpoint, 'path'>): boolean {
  return CAMEL.some((begin) => path.startsWith(begin));
}

/** A name in camelCase; each part of a path of names. */
export function camelName(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

type CamelName<N> = N extends `${infer Word}_${infer Rest}` ? `${Word}${Capitalize<CamelName<Rest>>}` : N;

/** A value with the names of all its members in camelCase, as a type. */
export type Camel<T> = T extends readonly (infer One)[]
  ? Camel<One>[]
  : T extends object
    ? { -readonly [M in keyof T as CamelName<M>]: Camel<T[M]> }
    : T;

/** Returns a value with the names of all its members in camelCase. */
export function camelNames<T>(value: T): Camel<T>;
export function camelNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [camelName(name), camelNames(one)]));
}

/**
 * A refusal as a camelCase operation says it: the names of fields in its members, in its errors, and in its sentence those that the operation
 * itself has. Codes, such as a reason's, are no names: they are the same in both.
 */
export function camelRefusal({ refused, detail, data }: Refusal, { body, query }: Endpoint): Refusal {
  const names = new Set([...everyMemberOf(body), ...everyMemberOf(query)]);
  const words = detail.replaceAll(/\b[a-z]+(?:_[a-z]+)+\b/g, (word) =>
    names.has(camelName(word)) ? camelName(word) : word,
  );
  if (data === undefined) return { refused, detail: words };
  const members = Object.entries(data).map(([name, value]) => [camelName(name), saidOf(name, value)]);
  return { refused, detail: words, data: Object.fromEntries(members) };
}

function saidOf(name: string, value: unknown): unknown {
  if (name === 'field' && typeof value === 'string') return camelName(value);
  if (name !== 'errors' || !Array.isArray(value)) return camelNames(value);
  return value.map((error: unknown) =>
    isFieldError(error) ? { ...error, field: camelName(error.field) } : error,
  );
}

const isFieldError = (error: unknown): error is { readonly field: string } =>
  typeof error === 'object' && error !== null && 'field' in error && typeof error.field === 'string';
