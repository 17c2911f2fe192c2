import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { type Endpoint, MAX_BODY } from '../../contract/endpoint.ts';
import { FAULTS, Fault } from '../../domain/faults.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Answers } from '../../ports/answers.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Directory } from '../../ports/directory.ts';
import type { Log } from '../lambda.ts';
import { readJson } from './body.ts';
import { type Call, readCall } from './event.ts';
import { answered, keep, type Repeatable, repeatable } from './idempotency.ts';
import { identify, UNAUTHENTICATED } from './identity.ts';
import { type Match, matcher, type Parameters } from './match.ts';
import { gatewayResult, problemReply, type Reply, refusalReply, replyOf } from './reply.ts';
import type { Route } from './route.ts';

/** What the stack itself needs, beside what the routes need. */
export type StackDeps = { readonly directory: Directory; readonly answers: Answers; readonly clock: Clock };

/** A Lambda handler for HTTP API events, payload format 2.0. */
export type HttpHandler = (event: unknown, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

/** Milliseconds before the function's own time-out at which a caller is told to try again. */
const EARLY = 500;

/**
 * The one way in over HTTP: route → identity → body → Idempotency-Key → validation → use case → view → problem+json.
 * Input never makes a 500, and no answer carries a stack trace. `wire` is called once, on the first request.
 */
export function httpHandler<D extends StackDeps>(
  routes: readonly Route<D>[],
  wire: () => D,
  log: Log,
): HttpHandler {
  const match = matcher(routes);
  let deps: D | undefined;
  const serve = async (event: unknown): Promise<APIGatewayProxyStructuredResultV2> => {
    deps ??= wire();
    const call = readCall(event);
    return gatewayResult(await replyTo(call, match(call.method, call.segments), deps, log), call.requestId);
  };
  return middy<unknown, APIGatewayProxyStructuredResultV2>(serve, { timeoutEarlyInMillis: EARLY })
    .before((request) => log.about({ request_id: requestIdOf(request.event) }))
    .onError((request) => {
      const requestId = requestIdOf(request.event);
      request.response = gatewayResult(faultReply(request.error, requestId, log), requestId);
    });
}

async function replyTo<D extends StackDeps>(
  call: Call,
  found: Match<Route<D>>,
  deps: D,
  log: Log,
): Promise<Reply> {
  switch (found.found) {
    case 'nothing':
      return problemReply('not_found', 'there is nothing at this path', call.requestId);
    case 'methods': {
      const allow = found.allow.join(', ');
      return problemReply('method_not_allowed', `this path knows ${allow}`, call.requestId, {}, { allow });
    }
    case 'route':
      return routeReply(call, found.route, found.parameters, deps, log);
    default: {
      const never: never = found;
      return never;
    }
  }
}

async function routeReply<D extends StackDeps>(
  call: Call,
  route: Route<D>,
  parameters: Parameters,
  deps: D,
  log: Log,
): Promise<Reply> {
  const { endpoint } = route;
  const principal = endpoint.open ? undefined : await identify(call, deps.directory);
  if (principal === UNAUTHENTICATED) {
    return problemReply('unauthenticated', 'no identity came with this request', call.requestId);
  }
  if (principal !== undefined && 'refused' in principal) return refusalReply(principal, call.requestId);
  log.about({
    request_id: call.requestId,
    operation: endpoint.operation,
    ...(principal === undefined ? {} : { tenant: principal.tenant, subject: principal.subject }),
  });
  const unfit = unfitBody(call, endpoint);
  if (unfit !== undefined) return unfit;
  const json = readJson(endpoint.method === 'GET' ? '' : call.body);
  if ('refused' in json) return refusalReply(json, call.requestId);
  const now = deps.clock.now();
  const once =
    principal === undefined || !endpoint.idempotent
      ? undefined
      : repeatable(call, principal, json.canonical, now);
  if (once !== undefined && 'refused' in once) return refusalReply(once, call.requestId);
  const serve = async (): Promise<Reply | Refusal> => {
    const answer = await route.serve(
      {
        principal,
        now,
        parameters,
        query: call.query,
        headers: call.headers,
        body: json.value,
        keep: once && ((kept) => keep(once, replyOf(kept))),
      },
      deps,
    );
    return 'refused' in answer ? answer : replyOf(answer);
  };
  const reply =
    once === undefined || principal === undefined
      ? await serve()
      : await repeated(once, principal.tenant, now, deps.answers, serve);
  if (!('refused' in reply)) return reply;
  log.info('refused', { code: reply.refused });
  return refusalReply(reply, call.requestId);
}

/**
 * Serves a request that may come twice. The answer is kept in the commit that made it true; a request that lost against
 * its own twin finds the twin's answer here.
 */
async function repeated(
  once: Repeatable,
  tenant: string,
  now: string,
  answers: Answers,
  serve: () => Promise<Reply | Refusal>,
): Promise<Reply | Refusal> {
  const before = await answered(once, tenant, now, answers);
  if (before !== undefined) return before;
  const reply = await serve();
  if (!('refused' in reply)) return reply;
  return (await answered(once, tenant, now, answers)) ?? reply;
}

function unfitBody(call: Call, { max_body = MAX_BODY }: Endpoint): Reply | undefined {
  if (Buffer.byteLength(call.body) > max_body) {
    return problemReply('payload_too_large', `a body is at most ${max_body} bytes here`, call.requestId, {
      max_bytes: max_body,
    });
  }
  const type = call.headers['content-type'];
  if (call.body === '' || type === undefined || JSON_TYPE.test(type)) return undefined;
  return problemReply('unsupported_media_type', 'a body is application/json here', call.requestId);
}

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\s*(?:;|$)/i;

/** The reply to an exception: what may pass by itself is 503, all else is 500 without a word about its cause. */
function faultReply(error: unknown, requestId: string, log: Log): Reply {
  const passing =
    (error instanceof Fault && FAULTS[error.name].retry) ||
    (error instanceof Error && error.name === 'TimeoutError');
  log.error(passing ? 'unavailable' : 'internal', error);
  if (!passing)
    return problemReply('internal', 'something broke here; the log knows this instance', requestId);
  const detail = 'this cannot be answered now; the same request may succeed later';
  return problemReply('unavailable', detail, requestId, {}, { 'retry-after': '1' });
}

const HasRequestId = z.object({ requestContext: z.object({ requestId: z.string() }) });

function requestIdOf(event: unknown): string {
  const parsed = z.safeParse(HasRequestId, event);
  return parsed.success ? parsed.data.requestContext.requestId : 'unknown';
}
