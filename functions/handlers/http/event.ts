import * as z from 'zod/mini';
import { END } from '../../contract/dashboard.ts';

/** What is read of a token's claims, to know an access token and its subject. */
const TokenClaims = z.object({
  sub: z.optional(z.unknown()),
  aud: z.optional(z.unknown()),
  client_id: z.optional(z.unknown()),
  token_use: z.optional(z.unknown()),
});

export type TokenClaims = z.infer<typeof TokenClaims>;

/**
 * What is read of an API Gateway HTTP API event (payload format 2.0). The gateway is trusted to have checked the token
 * or the signature; of claims the gateway makes strings, arrays included, so only those of one word are read.
 */
const HttpEvent = z.object({
  rawPath: z.string(),
  rawQueryString: z.optional(z.string()),
  headers: z.optional(z.record(z.string(), z.optional(z.string()))),
  cookies: z.optional(z.array(z.string())),
  body: z.optional(z.nullable(z.string())),
  isBase64Encoded: z.optional(z.boolean()),
  requestContext: z.object({
    requestId: z.string(),
    http: z.object({ method: z.string() }),
    authorizer: z.optional(
      z.object({
        jwt: z.optional(z.object({ claims: TokenClaims })),
        iam: z.optional(
          z.object({
            accountId: z.optional(z.nullable(z.string())),
            userArn: z.optional(z.nullable(z.string())),
            userId: z.optional(z.nullable(z.string())),
          }),
        ),
      }),
    ),
  }),
});

export type HttpEvent = z.infer<typeof HttpEvent>;

/** A request as the rest of the edge reads it. Header names are in lower case; `segments` are decoded, and the same by either way. */
export type Call = {
  /** How it came: through the gateway's authorizer, or from a page below `/web/api`, which the gateway lets pass. */
  readonly via: 'gateway' | 'page';
  readonly requestId: string;
  readonly method: string;
  readonly segments: readonly string[];
  /** Whether its path ends in a slash that means nothing. */
  readonly slash: boolean;
  readonly headers: { readonly [name: string]: string | undefined };
  /** Each `name=value`, as the browser sent them. */
  readonly cookies: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
  readonly authorizer: HttpEvent['requestContext']['authorizer'];
};

/** Parses an event. Throws when it is none: that is the gateway's fault, never a caller's. */
export function readCall(event: unknown): Call {
  const {
    rawPath,
    rawQueryString,
    headers,
    cookies = [],
    body,
    isBase64Encoded,
    requestContext,
  } = z.parse(HttpEvent, event);
  const text = body ?? '';
  const path = segmentsOf(rawPath);
  const isPage = path[0] === 'web' && path[1] === 'api';
  const lower = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    via: isPage ? 'page' : 'gateway',
    requestId: requestContext.requestId,
    method: requestContext.http.method,
    segments: isPage ? apiPath(path) : path,
    slash: !isPage && path.length > 0 && rawPath.endsWith('/'),
    headers: Object.fromEntries(lower),
    cookies,
    query: new URLSearchParams(rawQueryString ?? ''),
    body: isBase64Encoded === true ? Buffer.from(text, 'base64').toString('utf8') : text,
    authorizer: requestContext.authorizer,
  };
}

/** The path of the API that a page asks for below `/web`. */
function apiPath(path: readonly string[]): readonly string[] {
  const below = path.slice(1);
  return below.at(-1) === END ? below.slice(0, -1) : below;
}

/** The parts of a path, decoded one by one; a trailing slash means nothing. */
export function segmentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(1);
  return (parts.at(-1) === '' ? parts.slice(0, -1) : parts).map(decoded);
}

/** Where a call's path stands without needless slashes: always a path of ours, never `//host`, whatever was sent. */
export function placeOf({ segments, query }: Pick<Call, 'segments' | 'query'>): string {
  const named = segments.filter((segment) => segment !== '');
  const path = named.map((segment) => encodeURIComponent(segment.toWellFormed())).join('/');
  return query.size === 0 ? `/${path}` : `/${path}?${query}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const HasRequestId = z.object({ requestContext: z.object({ requestId: z.string() }) });

/** The request's id in anything that was sent, for logs and problems: `unknown` where there is none. */
export function requestIdOf(event: unknown): string {
  const parsed = z.safeParse(HasRequestId, event);
  return parsed.success ? parsed.data.requestContext.requestId : 'unknown';
}
