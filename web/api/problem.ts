import * as z from 'zod/mini';

/** Why a request was not served: a problem document (RFC 9457), or what stands in for one. */
export type Problem = {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** The number of the request, for whoever looks into the logs. */
  readonly instance?: string;
};

/** What came of a request. A refusal is a value: pages show it. */
export type Outcome<R> =
  | { readonly ok: true; readonly value: R; readonly etag?: string }
  | { readonly ok: false; readonly problem: Problem };

const Document = z.looseObject({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  instance: z.optional(z.string()),
});

/** The problem in an answer; the gateway's own answers and broken ones have no document. */
export function problemIn(status: number, body: unknown): Problem {
  const parsed = z.safeParse(Document, body);
  if (!parsed.success) return { status, ...WITHOUT[status === 429 || status >= 500 ? 'busy' : 'other'] };
  const { code, title, detail, instance } = parsed.data;
  return { status, code, title, detail, ...(instance === undefined ? {} : { instance }) };
}

const WITHOUT = {
  busy: {
    code: 'unavailable',
    title: 'Sluice is busy',
    detail: 'the server did not answer this time: it is asked again',
  },
  other: { code: 'internal', title: 'The answer makes no sense', detail: 'reload the page and try again' },
} as const;

/** The server was not reached at all. */
export const UNREACHED: Problem = {
  status: 0,
  code: 'unreached',
  title: 'Sluice does not answer',
  detail: 'check the connection; nothing was changed',
};

/** The page and the server are of different versions. */
export const OUTDATED: Problem = {
  status: 0,
  code: 'outdated',
  title: 'This page is older than the server',
  detail: 'reload the page',
};

/** Whether the same request may be served a moment later: the server was busy, or out of reach. */
export const isPassing = ({ status, code }: Problem): boolean =>
  code === UNREACHED.code || status === 429 || status >= 500;
