import { isOrigin } from '../../domain/flags/flag-key.ts';
import type { Answer } from './reply.ts';

/** Seconds for which a browser keeps the answer to a preflight; Chromium keeps it for two hours at most. */
const KEPT = '7200';

/** Headers that a page may read of an answer beside the usual ones. */
const READABLE = 'ETag, Retry-After, X-Request-Id';

/** What a flag client of a page sends. */
const SENT = 'Authorization, Content-Type, If-None-Match, Last-Event-ID, X-API-Key';

/**
 * The answer to a browser's question before a request of another origin (CORS preflight, Fetch standard). It carries no key, so any
 * origin that could have one is told yes; the request's own answer then names only the origins of its key.
 */
export function preflight(origin: string | undefined, methods = 'POST'): Answer {
  if (origin === undefined || !isOrigin(origin)) return { status: 204, headers: { vary: 'Origin' } };
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': SENT,
      'access-control-max-age': KEPT,
      vary: 'Origin',
    },
  };
}

/** An answer that a page of an origin may read. */
export function withOrigin(answer: Answer, origin: string | undefined): Answer {
  const read =
    origin === undefined
      ? {}
      : { 'access-control-allow-origin': origin, 'access-control-expose-headers': READABLE };
  return { ...answer, headers: { ...answer.headers, ...read, vary: 'Origin' } };
}
