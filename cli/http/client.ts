import * as z from 'zod/mini';
import type { Endpoint, PathParameter } from '../../functions/contract/endpoint.ts';
import { PROBLEM_STATUS, type ProblemCode } from '../../functions/contract/problem.ts';
import { EXIT, EXIT_OF_PROBLEM } from '../exit.ts';
import { Failure, misused } from '../failure.ts';
import { jsonOf, textOfJson } from '../json.ts';
import type { Terminal } from '../terminal.ts';
import { lenient } from './lenient.ts';
import type { Answer } from './request.ts';
import { compareVersions, isOlder, isUnsupported, unsupported } from './versions.ts';

/** What an operation is given. `undefined` members of the query are left out. */
export type Given<P extends string, B> = {
  readonly params?: { readonly [name in PathParameter<P>]: string };
  readonly query?: { readonly [name: string]: string | number | boolean | undefined };
  readonly body?: B;
  readonly headers?: { readonly [name: string]: string };
};

/** Speaks the contract with one server, as one caller. */
export type Client = {
  /** Calls an operation and reads its answer by a schema. Throws a `Failure` for everything else. */
  call<P extends string, B, Q, T>(
    endpoint: Endpoint<P, B, Q>,
    answer: z.ZodMiniType<T>,
    given?: Given<NoInfer<P>, NoInfer<B>>,
  ): Promise<T>;
  /** The same for an operation whose answer says nothing. */
  send<P extends string, B, Q>(
    endpoint: Endpoint<P, B, Q>,
    given?: Given<NoInfer<P>, NoInfer<B>>,
  ): Promise<void>;
};

/** Headers that prove who sends a request; made anew for each try. */
export type Signer = (request: {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}) => Promise<{ readonly [name: string]: string }>;

export type ClientSettings = {
  readonly terminal: Terminal;
  readonly url: string;
  readonly tenant?: string;
  readonly sign: Signer;
  /** A pipeline's own key, which makes its repetition the same request; absent: a fresh one for each request. */
  readonly idempotencyKey?: string;
  /** Sends what would write as a dry run, and never otherwise. */
  readonly dryRun?: boolean;
};

/** Tries of one request, the first included. */
const TRIES = 4;
/** Milliseconds that one try may take: a waiting read takes 20 s by itself. */
const PATIENCE = 30_000;
const LONGEST_PAUSE = 10_000;
/** Characters of an address. The gateway takes 10,240 bytes of it and all headers together, and hangs up on more. */
const LONGEST_ADDRESS = 8_000;

export function createClient(settings: ClientSettings): Client {
  const { terminal, url: server, tenant, sign, idempotencyKey, dryRun = false } = settings;
  let keysUsed = 0;
  const keyFor = async (): Promise<string> => {
    if (idempotencyKey === undefined) return (await import('node:crypto')).randomUUID();
    keysUsed += 1;
    return keysUsed === 1 ? idempotencyKey : `${idempotencyKey}.${keysUsed}`;
  };

  async function answered<P extends string, B, Q>(
    endpoint: Endpoint<P, B, Q>,
    given: Given<P, B>,
  ): Promise<Answer> {
    const { method, idempotent } = endpoint;
    const url = addressOf(server, endpoint.path, given);
    if (dryRun && method !== 'GET') {
      if (!endpoint.dry_run) throw new Error(`${endpoint.operation} has no dry run`);
      url.searchParams.set('dry_run', 'true');
    }
    const body = given.body === undefined ? '' : textOfJson(given.body);
    const headers = {
      accept: 'application/json',
      'user-agent': 'sluice-cli',
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      ...(tenant === undefined ? {} : { 'x-tenant-id': tenant }),
      ...(idempotent ? { 'idempotency-key': await keyFor() } : {}),
      ...given.headers,
    };
    // What may be sent twice: reads, what a key protects, and what sets a thing to what it is set to already.
    const repeatable = idempotent === true || method !== 'POST';
    for (let tries = 1; ; tries += 1) {
      const last = tries === TRIES || terminal.interrupted.aborted;
      const result = await attempt(url, method, headers, body);
      if (result instanceof Error) {
        if (last || !(repeatable || neverSent(result))) throw unanswered(server, result);
        await terminal.sleep(backoff(tries));
      } else {
        const pause = pauseBefore(result, tries);
        if (last || pause === undefined || (result.status !== 429 && !repeatable)) {
          compareVersions(terminal, server, result);
          return result;
        }
        await terminal.sleep(pause);
      }
    }
  }

  async function attempt(
    url: URL,
    method: string,
    headers: { readonly [name: string]: string },
    body: string,
  ): Promise<Answer | Error> {
    const signed = await sign({ method, url, body, headers });
    const signal = AbortSignal.any([terminal.interrupted, AbortSignal.timeout(PATIENCE)]);
    const request = { method, headers: { ...headers, ...signed }, signal };
    return terminal.send(url, body === '' ? request : { ...request, body }).catch((error: unknown) => {
      if (terminal.interrupted.aborted) throw new Failure('interrupted', EXIT.interrupted, 'interrupted');
      if (error instanceof Error) return error;
      throw error;
    });
  }

  return {
    async call(endpoint, answer, given = {}) {
      const response = hereOnly(server, await answered(endpoint, given));
      const body = jsonOf(await response.text());
      if (!response.ok) throw problemOf(server, endpoint, given.params, response, body);
      if (isWaiting(endpoint, response)) throw await waitsForSecondAdmin(body, dryRun);
      const read = lenient(answer, body, { older: isOlder(response) });
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      throw new Failure(
        'unexpected_answer',
        EXIT.unavailable,
        `${server} answered ${endpoint.operation} with what this version of sluice does not know: ${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? ''}`,
        { hint: 'Use the sluice of the version that the server has: `sluice --version` shows both.' },
      );
    },
    async send(endpoint, given = {}) {
      const response = hereOnly(server, await answered(endpoint, given));
      if (!response.ok)
        throw problemOf(server, endpoint, given.params, response, jsonOf(await response.text()));
      if (isWaiting(endpoint, response))
        throw await waitsForSecondAdmin(jsonOf(await response.text()), dryRun);
    },
  };
}

function addressOf<P extends string, B>(
  server: string,
  path: string,
  { params, query = {} }: Given<P, B>,
): URL {
  const values: { readonly [name: string]: string } = { ...params };
  const filled = path.replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
    const value = values[name] ?? '';
    const segments = greedy === '' ? [value] : value.split('/');
    // Each would be another path, and so another operation.
    if (segments.some((segment) => ['', '.', '..'].includes(segment)))
      throw misused(`"${value}" cannot be the ${name} of anything`);
    return segments.map(encodeURIComponent).join('/');
  });
  const url = new URL(`${server}${filled}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const { length } = url.href;
  if (length > LONGEST_ADDRESS)
    throw misused(
      `what was given makes an address of ${length} characters, and a server takes ${LONGEST_ADDRESS}`,
      'Give shorter names, or fewer of them at once.',
    );
  return url;
}

/** Milliseconds before the same request is sent again; `undefined` where that would not help. */
function pauseBefore(response: Answer, tries: number): number | undefined {
  if (![429, 502, 503, 504].includes(response.status)) return undefined;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, LONGEST_PAUSE) : backoff(tries);
}

/** Doubled for each try, with full jitter. */
const backoff = (tries: number): number => Math.random() * Math.min(LONGEST_PAUSE, 250 * 2 ** tries);

/** The server refused the connection, so that it cannot have done anything. */
const neverSent = (error: Error): boolean =>
  'code' in error && /^E(CONNREFUSED|NOTFOUND)$/.test(String(error.code));

function unanswered(server: string, error: Error): Failure {
  // Where a name has several addresses, the error that speaks for all of them has a code and no message.
  const why = error.message || ('code' in error ? String(error.code) : error.name);
  return new Failure('unavailable', EXIT.unavailable, `${server} does not answer: ${why}`, {
    hint: 'Is the address right, and the server up? `sluice doctor` looks.',
  });
}

/** A redirection is not followed: what proves who calls is for one address alone. */
function hereOnly(server: string, answer: Answer): Answer {
  if (answer.status < 300 || answer.status > 399) return answer;
  const to = answer.headers.get('location') ?? 'no address';
  throw new Failure('redirected', EXIT.unavailable, `${server} redirects to ${to}`, {
    hint: 'Give the address of the API itself: `--url`, SLUICE_URL or `sluice login`.',
    error: { status: answer.status },
  });
}

const Problem = z.looseObject({ code: z.string(), detail: z.string(), instance: z.optional(z.string()) });
/** What the gateway answers to a path for which no function is declared. */
const Unrouted = z.object({ message: z.literal('Not Found') });
/** What the gateway itself answers, before any function is asked. */
const GATEWAY: { readonly [status: number]: ProblemCode } = {
  401: 'unauthenticated',
  403: 'not_authorized',
  404: 'not_found',
  413: 'payload_too_large',
  429: 'unavailable',
};

function problemOf(
  server: string,
  { operation }: Pick<Endpoint, 'operation'>,
  params: object = {},
  answer: Answer,
  body: unknown,
): Failure {
  const { status } = answer;
  const read = z.safeParse(Problem, body);
  const unrouted = z.safeParse(Unrouted, body).success ? 'unknown_operation' : undefined;
  const code = read.success ? read.data.code : (unrouted ?? GATEWAY[status] ?? 'internal');
  const detail = read.success ? read.data.detail : `the server answered ${status}`;
  if (isUnsupported(code, detail, Object.values(params))) return unsupported(server, operation, answer);
  const {
    type: _,
    title: __,
    status: ___,
    detail: ____,
    code: _____,
    ...more
  } = read.success ? read.data : { code, detail };
  return new Failure(code, isProblem(code) ? EXIT_OF_PROBLEM[code] : EXIT.other, detail, {
    error: { status, ...more },
    ...(code === 'unauthenticated' ? { hint: 'Log in with `sluice login`.' } : {}),
  });
}

/** Whether a change was accepted and takes effect only when a second admin confirms it. */
const isWaiting = ({ accepted }: Pick<Endpoint, 'accepted'>, { status }: Answer): boolean =>
  status === 202 && accepted !== undefined;

async function waitsForSecondAdmin(body: unknown, dryRun: boolean): Promise<Failure> {
  const { PendingChangeView } = await import('../../functions/contract/pending-change-view.ts');
  const read = lenient(PendingChangeView, body);
  if (!read.success)
    return new Failure('unexpected_answer', EXIT.unavailable, 'the change waits, and nothing says for whom');
  const { id, expires_at } = read.data;
  if (dryRun) {
    const why = 'the change weakens a protected environment: it would wait for another admin';
    return new Failure('second_admin', EXIT.waiting, why, {
      hint: 'Nothing was written: this was a dry run.',
      beside: { dry_run: true },
    });
  }
  return new Failure(
    'second_admin',
    EXIT.waiting,
    `the change weakens a protected environment: it waits as ${id} for another admin, until ${expires_at}`,
    {
      hint: `Another admin confirms it with POST /api/v1/pending-changes/${id}/confirm.`,
      beside: { pending_change: read.data },
    },
  );
}

const isProblem = (code: string): code is ProblemCode => Object.hasOwn(PROBLEM_STATUS, code);
