import * as z from 'zod/mini';
import type { ProblemCode } from './problem.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One operation of the HTTP API, as callers see it: code is bound to it by `route` in the handlers, and the OpenAPI
 * document is made from it. `P` is the path with its `{parameters}`, `B`, `Q` and `R` what body, query and answer parse to.
 */
export type Endpoint<P extends string = string, B = unknown, Q = unknown, R = unknown> = {
  readonly method: Method;
  readonly path: P;
  /** Unique over the whole API: the `operationId`. */
  readonly operation: string;
  readonly summary: string;
  readonly tag: string;
  /** An absent or empty body is read as `{}`, so a body is optional exactly when `{}` fits. */
  readonly body: z.ZodMiniType<B>;
  readonly query: z.ZodMiniType<Q>;
  /** What a success answers; absent: no content. */
  readonly response?: z.ZodMiniType<R>;
  /** What 202 answers, where that is something else than `response`. */
  readonly accepted?: z.ZodMiniType;
  /** Statuses of success, the usual one first. */
  readonly status: readonly [number, ...number[]];
  /** Refusals beside those that every operation has (`EVERYWHERE`). */
  readonly errors: readonly ProblemCode[];
  /** Takes an `Idempotency-Key`. */
  readonly idempotent?: true;
  /** A flag key of the environment will do in place of an identity. */
  readonly keyed?: true;
  /** Needs no identity. */
  readonly open?: true;
  /** Bytes of body accepted; absent: `MAX_BODY`. */
  readonly max_body?: number;
  /** Also takes the body as a form of a page: its fields are the texts of the body. */
  readonly form?: true;
  /** Also takes the body as YAML (RFC 9512), which the route reads. */
  readonly yaml?: true;
  /** Takes numbers and texts that have no canonical form. Not with `idempotent`, which compares canonical forms. */
  readonly any_number?: true;
  /** Answers pages for people, successes among them; these are the statuses of those that say no. */
  readonly page?: readonly number[];
  /** Reads `If-Match`. */
  readonly if_match?: true;
  /** Takes `dry_run=true` in its query: answers as the real request would, and writes nothing. */
  readonly dry_run?: true;
};

/** What any operation may answer beside its own errors. */
export const EVERYWHERE: readonly ProblemCode[] = [
  'invalid_request',
  'unauthenticated',
  'not_authorized',
  'tenant_mismatch',
  'not_found',
  'payload_too_large',
  'unsupported_media_type',
  'internal',
  'corrupt',
  'unavailable',
  'format_unsupported',
];

/** Bytes of body accepted unless an operation says otherwise. */
export const MAX_BODY = 64 * 1024;

/** A body with nothing in it: absent, empty or `{}`. */
export const EMPTY = z.strictObject({});

/** Declares an operation, keeping the types of its parts. */
export function endpoint<const P extends string, B, Q, R>(
  declared: Endpoint<P, B, Q, R>,
): Endpoint<P, B, Q, R> {
  return declared;
}

/** The names between braces in a path: `'/a/{id}/b/{key+}'` has `'id' | 'key'`. */
export type PathParameter<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Greedy}+` ? Greedy : Name) | PathParameter<Rest>
  : never;
