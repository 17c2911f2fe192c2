import * as z from 'zod/mini';
import { Text } from '../domain/fields.ts';
import { EMPTY, type Endpoint, type Method } from './endpoint.ts';
import { listOf, PAGE } from './fields.ts';
import { PendingChangeView } from './pending-change-view.ts';
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
  /** Members of the view of one item that say what was observed: repeated, they mean nothing. */
  readonly observed?: readonly string[];
  /** Whether `reason` is a member of the noun itself; otherwise it is said beside a change. A change that weakens takes one. */
  readonly reasons?: true;
  /** Refusals of reading one, of writing, and of deleting, beside those of every noun. */
  readonly reading?: readonly ProblemCode[];
  readonly errors?: readonly ProblemCode[];
  readonly removal?: readonly ProblemCode[];
  /** Whether changes of it may weaken what governs promotions: those wait for a second admin where what they weaken is protected. */
  readonly governs?: true;
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
  const { observed = [], errors = [], reading = [], removal = [], unpaged, governs } = described;
  const one = `${path}/{${key}}`;
  const names = membersOf(body);
  const own = [...names, ...observed];
  const readonly = [...membersOf(view).filter((name) => !own.includes(name)), ...fixed];
  const repeated = [...readonly, ...observed];
  const why = { name: 'reason', schema: WHY };
  const bodies = {
    create: reasons ? body : withMember(body, why),
    replace: replacing(body, { demanded, readonly: repeated, ...(reasons ? {} : { why }) }),
    patch: replacing(body, { readonly: repeated, patch: true, ...(reasons ? {} : { why }) }),
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
  const waits = governs ? ({ accepted: PendingChangeView } as const) : {};
  const statuses = (...usual: [number, ...number[]]) => (governs ? ([...usual, 202] as const) : usual);
  const plural = words.replace(/^an? /, '');
  const change = {
    ...waits,
    status: statuses(200),
    errors: ['immutable', 'conflict', 'precondition_failed', ...(governs ? full : []), ...errors],
    if_match: true,
    dry_run: true,
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
        ...waits,
        status: statuses(201, 200),
        dry_run: true,
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
        query: z.strictObject({ reason: z.exactOptional(Text) }),
        ...waits,
        status: statuses(204),
        errors: ['conflict', 'precondition_failed', ...(governs ? full : []), ...removal],
        if_match: true,
        dry_run: true,
      },
    },
  };
}

const WHY = Text.check(z.describe('Why, for the record; a change that weakens takes one.'));

/** Only so many changes wait at once. */
const full: readonly ProblemCode[] = ['limit_reached'];

const patchOf = (operation: string): string => operation.replace(/^update/, 'patch');
