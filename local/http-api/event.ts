import type { IncomingHttpHeaders } from 'node:http';
import type { Match } from './router.ts';

/** A request as it came over HTTP, with its body read. */
export interface HttpRequest {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  /** Unix milliseconds. */
  readonly receivedAt: number;
  readonly requestId: string;
}

/** What an authorizer found, as `requestContext.authorizer` carries it. */
export type Authorized = Readonly<Record<string, unknown>> | undefined;

/** The Lambda event of payload format 2.0 for a request on a route. */
export function eventOf(
  request: HttpRequest,
  apiId: string,
  accountId: string,
  match: Match,
  authorizer: Authorized,
) {
  const headers = eventHeaders(request.headers);
  const cookies = request.headers.cookie?.split(/;\s*/);
  const query = queryOf(request.rawQuery);
  const isText = carriesText(headers['content-type'], request.body);
  return {
    version: '2.0',
    routeKey: match.route.key,
    rawPath: request.path,
    rawQueryString: request.rawQuery,
    ...(cookies === undefined ? {} : { cookies }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: match.pathParameters }),
    requestContext: {
      accountId,
      apiId,
      ...(authorizer === undefined ? {} : { authorizer }),
      domainName: headers['host'] ?? 'localhost',
      domainPrefix: apiId,
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: match.route.key,
      stage: '$default',
      time: commonLogTime(request.receivedAt),
      timeEpoch: request.receivedAt,
    },
    ...(request.body.length === 0 ? {} : { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !isText,
  };
}

/** Lower-cased names, repeated values joined by commas; cookies have a field of their own. */
function eventHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || name === 'cookie') continue;
    joined[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return joined;
}

/** Decoded parameters, repeated ones joined by commas; undefined without a query. */
function queryOf(rawQuery: string): Record<string, string> | undefined {
  if (rawQuery === '') return undefined;
  const joined: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    joined[name] = name in joined ? `${joined[name]},${value}` : value;
  }
  return joined;
}

/** API Gateway passes text and JSON as they are and everything else, forms included, as base64. */
function carriesText(contentType: string | undefined, body: Buffer): boolean {
  const type = (contentType ?? 'text/plain').split(';')[0]?.trim().toLowerCase() ?? '';
  const isText = /^text\/|^application\/(json|xml|javascript)$|\+json$|\+xml$/.test(type);
  return isText && Buffer.from(body.toString('utf8'), 'utf8').equals(body);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(at: number): string {
  const iso = new Date(at).toISOString();
  return `${iso.slice(8, 10)}/${months[new Date(at).getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
