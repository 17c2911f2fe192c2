import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { PROBLEM_TYPE, type ProblemCode, problem } from '../../contract/problem.ts';
import { VERSION, VERSION_HEADER } from '../../contract/version.ts';
import type { Refusal } from '../../domain/refusal.ts';

/**
 * What a route answers: a status, a body that becomes JSON, or a text that stands for itself (neither: no content), and headers of its
 * own; those of a text say what it is.
 */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  /** The text stands for bytes, in base64. */
  readonly base64?: true;
  readonly headers?: { readonly [name: string]: string };
  /** Each a whole `Set-Cookie`. */
  readonly cookies?: readonly string[];
};

/** A whole answer as text: what is sent, and what is kept for a repeated request. */
export type Reply = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  readonly base64?: true;
  readonly cookies?: readonly string[];
};

/** 200 with a body. */
export const ok = (body: unknown, headers: Answer['headers'] = {}): Answer => ({
  status: 200,
  body,
  headers,
});

/** 201 with a body and where it can be read again. */
export const created = (body: unknown, location: string, headers: Answer['headers'] = {}): Answer => ({
  status: 201,
  body,
  headers: { location, ...headers },
});

/** 204. */
export const noContent: Answer = { status: 204 };

/** 308: the same request, with its method and body, belongs there (RFC 9110 section 15.4.9). */
export const movedTo = (location: string): Reply => ({ status: 308, headers: { location }, text: '' });

/** The text of an answer. */
export function replyOf({ status, body, text = '', base64, headers = {}, cookies = [] }: Answer): Reply {
  const set = { ...(cookies.length === 0 ? {} : { cookies }), ...(base64 === undefined ? {} : { base64 }) };
  if (body === undefined) return { status, headers, text, ...set };
  const typed = { 'content-type': 'application/json', ...headers };
  return { status, headers: typed, text: JSON.stringify(body), ...set };
}

/** A refusal as a problem document. */
export function refusalReply({ refused, detail, data }: Refusal, instance: string): Reply {
  return problemReply(refused, detail, instance, data);
}

/** A problem document as a reply. */
export function problemReply(
  code: ProblemCode,
  detail: string,
  instance: string,
  data: { readonly [name: string]: unknown } = {},
  headers: Reply['headers'] = {},
): Reply {
  const document = problem(code, detail, instance, data);
  return {
    status: document.status,
    headers: { 'content-type': PROBLEM_TYPE, ...headers },
    text: JSON.stringify(document),
  };
}

/** On every answer: HTTPS for a year from here on, no guessing of types, and which version answers. */
const EVERYWHERE = {
  [VERSION_HEADER]: VERSION,
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
} as const;

/** The reply as API Gateway wants it. Answers are about one caller at one moment, so nobody caches them. */
export function gatewayResult(
  { status, headers, text, base64, cookies }: Reply,
  requestId: string,
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { ...EVERYWHERE, 'cache-control': 'no-store', 'x-request-id': requestId, ...headers },
    body: text,
    ...(base64 === undefined ? {} : { isBase64Encoded: true }),
    ...(cookies === undefined ? {} : { cookies: [...cookies] }),
  };
}
