import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Endpoint } from '../../contract/endpoint.ts';
import type { ProblemCode } from '../../contract/problem.ts';
import { Fault } from '../../domain/faults.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Answers } from '../../ports/answers.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Directory } from '../../ports/directory.ts';
import type { FormatCheck } from '../../ports/format-store.ts';
import type { Log } from '../lambda.ts';
import { wirePageSessions } from '../wiring/page-sessions.ts';
import { isForm, isYaml, readForm, readJson, unfitBody } from './body.ts';
import { type Call, placeOf, readCall, requestIdOf } from './event.ts';
import { faultReply } from './fault-reply.ts';
import { answered, keep, type Repeatable, repeatable } from './idempotency.ts';
import { identify, UNAUTHENTICATED } from './identity.ts';
import { type Match, matcher, type Parameters } from './match.ts';
import { evaluationFailure } from './ofrep-failure.ts';
import { packed } from './packing.ts';
import { identifyPage } from './page-identity.ts';
import { readAhead } from './read-ahead.ts';
import {
  type Answer,
  gatewayResult,
  movedTo,
  problemReply,
  type Reply,
  refusalReply,
  replyOf,
} from './reply.ts';
import type { Begun, Route, Unchecked } from './route.ts';
import type { PageSessions } from './session.ts';

/** What the stack itself needs, beside what the routes need. */
export type StackDeps = {
  readonly directory: Directory;
  readonly answers: Answers;
  readonly clock: Clock;
  /** Absent where tests give stores that watch no format. */
  readonly format?: FormatCheck;
};

/** A Lambda handler for HTTP API events, payload format 2.0, and the operations that it serves. */
export type HttpHandler = {
  (event: unknown, context: Context): Promise<APIGatewayProxyStructuredResultV2>;
  readonly operations: readonly string[];
};

/** Milliseconds before the function's own time-out at which a caller is told to try again. */
const EARLY = 500;

/**
 * The one way in over HTTP: route → identity → body → Idempotency-Key → validation → use case → view → problem+json.
 * Input never makes a 500, and no answer carries a stack trace. `wire` is called once, on the first request. `identifyElse` finds out
 * who calls where no gateway did.
 */
export function httpHandler<D extends StackDeps>(
  routes: readonly Route<D>[],
  wire: () => D,
  log: Log,
  wirePages: () => PageSessions = wirePageSessions,
  identifyElse?: Identify<D>,
): HttpHandler {
  const match = matcher(routes);
  let deps: D | undefined;
  let pages: PageSessions | undefined;
  const identified: Identify<D> = (call, given) => {
    if (identifyElse !== undefined) return identifyElse(call, given);
    const { directory, clock } = given;
    if (call.via === 'gateway') return identify(call, directory);
    pages ??= wirePages();
    return identifyPage(call, directory, pages, clock.now());
  };
  const serve = async (event: unknown): Promise<APIGatewayProxyStructuredResultV2> => {
    deps ??= wire();
    const call = readCall(event);
    // What HEAD answers is what GET would, without its body (RFC 9110 section 9.3.2).
    const method = call.method === 'HEAD' ? 'GET' : call.method;
    const found = match(method, call.segments);
    const [whole] = await Promise.all([replyTo(call, found, deps, log, identified), served(deps.format)]);
    const reply = packed(whole, call.headers['accept-encoding']);
    return gatewayResult(call.method === 'HEAD' ? { ...reply, text: '' } : reply, call.requestId);
  };
  const handler = middy<unknown, APIGatewayProxyStructuredResultV2>(serve, { timeoutEarlyInMillis: EARLY })
    .before((request) => log.about({ request_id: requestIdOf(request.event) }))
    .onError((request) => {
      const requestId = requestIdOf(request.event);
      request.response = gatewayResult(faultReply(request.error, requestId, log), requestId);
    });
  return Object.assign(handler, { operations: routes.map(({ endpoint }) => endpoint.operation) });
}

/** Holds back what needs no table too. A table that does not answer keeps no page from being served that needs nothing of it. */
async function served(check: FormatCheck | undefined): Promise<void> {
  await check?.().catch((error: unknown) => {
    if (error instanceof Fault && error.name === 'FormatUnsupported') throw error;
  });
}

/** Finds out who calls, by the way that they came. */
export type Identify<D> = (call: Call, deps: D) => Promise<Principal | Refusal | typeof UNAUTHENTICATED>;

async function replyTo<D extends StackDeps>(
  call: Call,
  found: Match<Route<D>>,
  deps: D,
  log: Log,
  identified: Identify<D>,
): Promise<Reply> {
  switch (found.found) {
    case 'nothing':
      return call.slash
        ? movedTo(placeOf(call))
        : problemReply(unroutedCode(call), 'there is nothing at this path', call.requestId);
    case 'methods': {
      const allow = found.allow.join(', ');
      return problemReply('method_not_allowed', `this path knows ${allow}`, call.requestId, {}, { allow });
    }
    case 'route': {
      const { route, parameters } = found;
      const reply = await routeReply(call, route, parameters, deps, log, identified);
      if ('refused' in reply) log.info('refused', { code: reply.refused });
      const answer = 'refused' in reply ? refusalReply(reply, call.requestId) : reply;
      return route.endpoint.tag === 'ofrep' ? evaluationFailure(answer, parameters['key']) : answer;
    }
    default: {
      const never: never = found;
      return never;
    }
  }
}

/** Why a path has no route: a part that cannot be an id is a thing that is not there, wherever it stands. */
const unroutedCode = ({ segments }: Call): ProblemCode =>
  segments.every(isId) ? 'unknown_operation' : 'not_found';

async function routeReply<D extends StackDeps>(
  call: Call,
  route: Route<D>,
  parameters: Parameters,
  deps: D,
  log: Log,
  identified: Identify<D>,
): Promise<Reply | Refusal> {
  const begun = readAhead(call, route, parameters, deps);
  try {
    return await knownReply(call, route, parameters, deps, log, identified, begun);
  } finally {
    // No call goes on behind the answer of a function.
    await begun?.settled();
  }
}

async function knownReply<D extends StackDeps>(
  call: Call,
  route: Route<D>,
  parameters: Parameters,
  deps: D,
  log: Log,
  identified: Identify<D>,
  begun: Begun | undefined,
): Promise<Reply | Refusal> {
  const { endpoint } = route;
  log.about({ request_id: call.requestId, operation: endpoint.operation });
  const principal = endpoint.open ? undefined : await identified(call, deps);
  if (principal === UNAUTHENTICATED) {
    return problemReply(
      'unauthenticated',
      'authentication is required: send an access token, or sign as a machine',
      call.requestId,
    );
  }
  if (principal !== undefined && 'refused' in principal) return principal;
  if (principal !== undefined) log.about(keysOf(call, endpoint, principal));
  const unfit = unfitBody(call, endpoint);
  if (unfit !== undefined) return unfit;
  const json = bodyOf(call, endpoint);
  if ('refused' in json) return json;
  const now = deps.clock.now();
  const { query, headers, cookies } = call;
  const unchecked = {
    instance: call.requestId,
    principal,
    now,
    parameters,
    query,
    headers,
    cookies,
    body: json.value,
    text: call.body,
    keep: undefined,
  };
  const reads = begun ?? (principal && route.ahead?.(principal.tenant, unchecked, deps));
  const serve = (asked: Unchecked) => answerOf(reads?.serve(asked) ?? route.serve(asked, deps));
  if (principal === undefined || !endpoint.idempotent) return serve(unchecked);
  const once = repeatable(call, principal, json.canonical, now);
  if (once === undefined) return serve(unchecked);
  if ('refused' in once) return once;
  const keeping = { ...unchecked, keep: (answer: Answer) => keep(once, replyOf(answer)) };
  return repeated(once, principal.tenant, now, deps.answers, () => serve(keeping));
}

function bodyOf(call: Call, { method, form, yaml, any_number }: Endpoint): ReturnType<typeof readJson> {
  if (method === 'GET' || (yaml && isYaml(call))) return readJson('');
  return form && isForm(call) ? readForm(call.body) : readJson(call.body, any_number);
}

async function answerOf(serving: Promise<Answer | Refusal>): Promise<Reply | Refusal> {
  const answer = await serving;
  return 'refused' in answer ? answer : replyOf(answer);
}

const keysOf = ({ requestId }: Call, { operation }: Endpoint, { tenant, subject }: Principal) => ({
  request_id: requestId,
  operation,
  tenant,
  subject,
});

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
