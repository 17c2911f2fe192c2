import * as z from 'zod/mini';
import { camelRefusal, isCamel } from '../../contract/camel.ts';
import type { Endpoint, PathParameter } from '../../contract/endpoint.ts';
import { DEFAULT_LIMIT, QueryFlag } from '../../contract/fields.ts';
import { withoutNulls } from '../../contract/shape.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { rehearsed } from '../../use-cases/engine/rehearse.ts';
import { type CursorDeps, type CursorScope, cursorOf, positionOf } from './cursor.ts';
import { badFields, parsed } from './issues.ts';
import type { Parameters } from './match.ts';
import type { Answer } from './reply.ts';

/** A call that has an identity and a route, its parts not yet checked against the endpoint. */
export type Unchecked = {
  /** The request's id: what a problem document names as its instance. */
  readonly instance: string;
  readonly principal: Principal | undefined;
  readonly now: string;
  readonly parameters: Parameters;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The body as it came, to the letter. */
  readonly text: string;
  readonly headers: { readonly [name: string]: string | undefined };
  readonly cookies: readonly string[];
  /** Makes the answer to keep of an answer; absent without an `Idempotency-Key`. */
  readonly keep: ((answer: Answer) => StoredAnswer) | undefined;
};

/** What the code behind an endpoint gets: everything parsed. */
export type Request<P extends string, B, Q> = {
  readonly principal: Principal;
  /** The moment of the request, RFC 3339 in UTC. */
  readonly now: string;
  readonly body: B;
  readonly text: Unchecked['text'];
  readonly query: Q;
  /** Asked of an endpoint that says `dry_run`: its ports write nothing. */
  readonly dry_run: boolean;
  /** A path parameter, decoded. Its grammar is not checked: an id that cannot exist is simply not found. */
  param(name: PathParameter<P>): string;
  readonly parameters: Parameters;
  readonly instance: Unchecked['instance'];
  readonly headers: Unchecked['headers'];
  readonly cookies: Unchecked['cookies'];
  /** `{answer}` for a use case that keeps its answer with its commit, `{}` without an `Idempotency-Key`. */
  keeping<R>(answerOf: (result: R) => Answer): { readonly answer?: (result: R) => StoredAnswer };
  /** The page asked for by `limit` and `cursor`, of the list that `filter` narrows. */
  page(deps: CursorDeps, filter?: CursorScope['filter']): Promise<PageRequest | Refusal>;
  /** A list's answer: the page's items through a view, and the cursor of the next one, in the operation's casing and beside it; `more` stands beside both. */
  paged<T>(
    deps: CursorDeps,
    page: Page<T>,
    view: (item: T) => unknown,
    filter?: CursorScope['filter'],
    more?: { readonly complete: boolean },
  ): Promise<Paged>;
  /** A page as a plain array: the cursor of the next one stands in the `Link` header (RFC 8288). */
  listed<T>(
    deps: CursorDeps,
    page: Page<T>,
    view: (item: T) => unknown,
    filter?: CursorScope['filter'],
  ): Promise<Answer>;
};

export type Paged = Answer & { readonly next_cursor: string | null };

/** An endpoint bound to its code. `D` is what the code needs. */
export type Route<D> = {
  readonly endpoint: Endpoint;
  readonly serve: (call: Unchecked, deps: D) => Promise<Answer | Refusal>;
  /** Begins to read what serving a call needs, in a tenant; absent: nothing is read before it is served. */
  readonly ahead?: (tenant: string, said: Pick<Unchecked, 'body' | 'parameters'>, deps: D) => Begun;
};

/** A call whose reads were begun. `settled`: once they have all ended. */
export type Begun = {
  serve(call: Unchecked): Promise<Answer | Refusal>;
  settled(): Promise<void>;
};

/** Binds an endpoint to its code: query and body are parsed by the endpoint's schemas before the code runs. */
export function route<const P extends string, B, Q, D extends object>(
  endpoint: Endpoint<P, B, Q>,
  run: (request: Request<P, B, Q>, deps: D) => Promise<Answer | Refusal>,
): Route<D> {
  return {
    endpoint,
    async serve(call, deps) {
      const raw = queryOf(call.query);
      if ('refused' in raw) return raw;
      const tried = triedIn(endpoint, raw.value);
      if ('refused' in tried) return tried;
      const query = parsed(endpoint.query, tried.rest);
      if ('refused' in query) return query;
      const body = parsed(endpoint.body, withoutNulls(endpoint.body, call.body));
      if ('refused' in body) return body;
      const { dry_run } = tried;
      const request = { ...call, ...(dry_run ? { keep: undefined } : {}) };
      const answer = await run(
        requestOf(endpoint, request, tried.rest, body.value, query.value, dry_run),
        dry_run ? rehearsed(deps) : deps,
      );
      return 'refused' in answer && isCamel(endpoint) ? camelRefusal(answer, endpoint) : answer;
    },
  };
}

function requestOf<P extends string, B, Q>(
  endpoint: Endpoint<P, B, Q>,
  { instance, principal, now, parameters, headers, cookies, text, keep }: Unchecked,
  raw: Raw,
  body: B,
  query: Q,
  dry_run: boolean,
): Request<P, B, Q> {
  const { operation, path } = endpoint;
  const tenant = principal?.tenant ?? '';
  return {
    get principal() {
      if (principal === undefined) throw new Error(`${operation} is open: nobody is known to it`);
      return principal;
    },
    instance,
    now,
    body,
    text,
    query,
    dry_run,
    parameters,
    headers,
    cookies,
    param(name) {
      const value = parameters[name];
      if (value === undefined) throw new Error(`${operation} has no parameter ${name}`);
      return value;
    },
    keeping: (answerOf) => (keep === undefined ? {} : { answer: (result) => keep(answerOf(result)) }),
    async page(deps, filter = {}) {
      const limit = raw['limit'] === undefined ? DEFAULT_LIMIT : Number(raw['limit']);
      if (raw['cursor'] === undefined) return { limit };
      const after = await positionOf(deps, raw['cursor'], { tenant, operation, filter });
      return 'refused' in after ? after : { limit, after: after.value };
    },
    async paged(deps, { items, next }, view, filter = {}, more = undefined) {
      const scope = { tenant, operation, filter };
      const next_cursor = next === undefined ? null : await cursorOf(deps, next, scope);
      const cursor = isCamel(endpoint) ? { nextCursor: next_cursor } : { next_cursor };
      return { status: 200, body: { items: items.map(view), ...cursor, ...more }, next_cursor };
    },
    async listed(deps, { items, next }, view, filter = {}) {
      const body = items.map(view);
      if (next === undefined) return { status: 200, body };
      const cursor = await cursorOf(deps, next, { tenant, operation, filter });
      const target = `${pathOf(path, parameters)}?${new URLSearchParams({ ...raw, cursor })}`;
      return { status: 200, body, headers: { link: `<${target}>; rel="next"` } };
    },
  };
}

/** The path that was asked for, encoded: a branch keeps its slashes. */
function pathOf(path: string, parameters: Parameters): string {
  return path.replace(/\{(\w+)\+?\}/g, (_, name: string) =>
    (parameters[name] ?? '').split('/').map(encodeURIComponent).join('/'),
  );
}

type Raw = { readonly [name: string]: string };

const TRIED = z.object({ dry_run: z.exactOptional(QueryFlag) });

/** Whether an operation is only to be tried, and the rest of the query; where an endpoint takes no dry run, all of it. */
function triedIn(endpoint: Endpoint, raw: Raw): { readonly dry_run: boolean; readonly rest: Raw } | Refusal {
  if (!endpoint.dry_run) return { dry_run: false, rest: raw };
  const read = parsed(TRIED, raw);
  if ('refused' in read) return read;
  const { dry_run: _, ...rest } = raw;
  return { dry_run: read.value.dry_run ?? false, rest };
}

/** Query parameters by name; one given twice is refused, as two readers would disagree on which one counts. */
function queryOf(query: URLSearchParams): { readonly value: Raw } | Refusal {
  const names = [...query.keys()];
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  if (twice.length > 0) {
    return badFields(twice.map((name) => ({ field: name, problem: 'is given more than once' })));
  }
  return { value: Object.fromEntries(query) };
}
