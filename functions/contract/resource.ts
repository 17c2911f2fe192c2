import * as z from 'zod/mini';
import { EMPTY, type Endpoint, type Method } from './endpoint.ts';
import { listOf, PAGE, Text } from './fields.ts';
import type { ProblemCode } from './problem.ts';
import { membersOf, replacing, withMember } from './shape.ts';

/** The five verbs of a noun; changing is two, `PUT` and `PATCH`. */
export type Verb = 'create' | 'list' | 'get' | 'replace' | 'patch' | 'remove';

/** What a noun is at the API: its paths, its names, and the schemas of what callers say and see. */
export type Described<B> = {
  /** As documents group it. */
  readonly tag: string;
  /** As people name it, with its article: `an approval policy`. */
  readonly words: string;
  /** Where all of them are. */
  readonly path: string;
  /** The path parameter that names one. */
  readonly key: string;
  /** The `operationId` of each verb, but that of `patch`, which follows from that of `replace`. */
  readonly operations: { readonly [V in Exclude<Verb, 'patch' | 'list'>]: string } & {
    readonly list?: string;
  };
  /** What a caller says of a new one. */
  readonly body: z.ZodMiniType<B>;
  /** Members whose default would weaken or reorder: `PUT` must say them. */
  readonly demanded?: readonly string[];
  /** Members that only creation sets: said again, they must say what is so. */
  readonly fixed?: readonly string[];
  readonly view: z.ZodMiniType;
  /** Whether `reason` is a member of the noun itself; otherwise it is said beside a change. */
  readonly reasons?: true;
  /** Refusals of reading one, of writing, and of deleting, beside those of every noun. */
  readonly reading?: readonly ProblemCode[];
  readonly errors?: readonly ProblemCode[];
  readonly removal?: readonly ProblemCode[];
  /** Lists everything on one page. */
  readonly unpaged?: true;
};

/** A noun with its endpoints. */
export type Resource<B> = Described<B> & {
  readonly endpoints: { readonly [V in Exclude<Verb, 'list'>]: Endpoint } & { readonly list?: Endpoint };
  /** Members of the view that a caller may repeat but not change. */
  readonly readonly: readonly string[];
  /** What a caller says: the body, and why. */
  readonly said: z.ZodMiniType<B>;
};

/** The endpoints of a noun, from its description. */
export function resource<B>(described: Described<B>): Resource<B> {
  const { tag, words, path, key, operations, body, view, reasons, fixed = [], demanded = [] } = described;
  const { errors = [], reading = [], removal = [], unpaged } = described;
  const one = `${path}/{${key}}`;
  const names = membersOf(body);
  const readonly = [...membersOf(view).filter((name) => !names.includes(name)), ...fixed];
  const why = { name: 'reason', schema: Text };
  const bodies = {
    create: reasons ? body : withMember(body, why),
    replace: replacing(body, { demanded, readonly, ...(reasons ? {} : { why }) }),
    patch: replacing(body, { readonly, patch: true, ...(reasons ? {} : { why }) }),
  };
  const endpoint = (method: Method, at: string, operation: string, summary: string): Endpoint => ({
    method,
    path: at,
    operation,
    summary,
    tag,
    body: EMPTY,
    query: EMPTY,
    response: view,
    status: [200],
    errors: [],
  });
  const plural = words.replace(/^an? /, '');
  const change = {
    status: [200],
    errors: ['immutable', 'conflict', 'precondition_failed', ...errors],
    if_match: true,
  } as const;
  const { response: _, ...removing } = endpoint('DELETE', one, operations.remove, `Deletes ${words}`);
  const list =
    operations.list === undefined
      ? {}
      : {
          list: {
            ...endpoint('GET', path, operations.list, `Lists every ${plural}`),
            query: unpaged ? EMPTY : z.strictObject(PAGE),
            response: listOf(view),
          },
        };
  return {
    ...described,
    readonly,
    said: body,
    endpoints: {
      create: {
        ...endpoint('POST', path, operations.create, `Creates ${words}`),
        body: bodies.create,
        status: [201],
        errors: ['conflict', 'limit_reached', 'idempotency_key_reused', ...errors],
        idempotent: true,
      },
      ...list,
      get: {
        ...endpoint('GET', one, operations.get, `Reads ${words}; its ETag is its version`),
        errors: reading,
      },
      replace: {
        ...endpoint('PUT', one, operations.replace, `Replaces ${words}; what is absent takes its default`),
        ...change,
        body: bodies.replace,
      },
      patch: {
        ...endpoint('PATCH', one, patchOf(operations.replace), `Changes part of ${words} (RFC 7396)`),
        ...change,
        body: bodies.patch,
      },
      remove: {
        ...removing,
        query: reasons ? EMPTY : z.strictObject({ reason: z.exactOptional(Text) }),
        status: [204],
        errors: ['conflict', 'precondition_failed', ...removal],
        if_match: true,
      },
    },
  };
}

const patchOf = (operation: string): string => operation.replace(/^update/, 'patch');
