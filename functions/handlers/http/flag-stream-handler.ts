import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Context } from 'aws-lambda';
import { Fault } from '../../domain/faults.ts';
import { allowsOrigin } from '../../domain/flags/flag-key.ts';
import { mostStreams } from '../../domain/flags/stream-event.ts';
import { milliseconds } from '../../domain/instant.ts';
import { refuse } from '../../domain/refusal.ts';
import type { FormatCheck } from '../../ports/format-store.ts';
import type { Deps } from '../../use-cases/deps.ts';
import { type FollowDeps, followFlags, streamEnd } from '../../use-cases/flags/follow-flags.ts';
import { type OpenedKey, type OpenKeyDeps, openStream } from '../../use-cases/flags/open-key.ts';
import type { Log } from '../lambda.ts';
import { preflight, withOrigin } from './cross-origin.ts';
import { type Call, readCall } from './event.ts';
import { faultReply } from './fault-reply.ts';
import { presentedKey } from './flag-credential.ts';
import { gatewayResult, problemReply, type Reply, refusalReply, replyOf } from './reply.ts';

export type FlagStreamDeps = OpenKeyDeps &
  FollowDeps &
  Pick<Deps, 'waits' | 'ids' | 'random'> & {
    /** Streams that all tenants together have at once. */
    readonly reserved: number;
    /** Absent where tests give stores that watch no format. */
    readonly format?: FormatCheck;
  };

/** What Lambda writes before the body of a stream. */
type Prelude = {
  readonly statusCode?: number;
  readonly headers?: { readonly [name: string]: string | number | boolean };
};
/** Begins an answer on a stream of Lambda's. */
export type Begin = (stream: Writable, prelude: Prelude) => Writable;
type StreamingHandler = (event: unknown, stream: Writable, context: Context) => Promise<void>;

/** Milliseconds that the end of a stream takes at most. */
const LAST = 5_000;

/**
 * `GET /ofrep/v1/events`: server-sent events that say that the flags of a key's environment changed. A key, or a ticket of one in the
 * address, opens it; strangers cost one read. Ends by itself before the function's time is over.
 */
export function flagStreamHandler(wire: () => FlagStreamDeps, log: Log, begin: Begin): StreamingHandler {
  let deps: FlagStreamDeps | undefined;
  return async (event, stream, context) => {
    deps ??= wire();
    const call = readCall(event);
    log.about({ request_id: call.requestId, operation: 'streamFlagChanges' });
    const answered = await Promise.all([answerTo(call, deps), deps.format?.()]).then(
      ([answer]) => answer,
      (error: unknown) => faultReply(error, call.requestId, log),
    );
    if ('status' in answered) return await written(begin, stream, answered, call.requestId);
    const { opened, place } = answered;
    try {
      const until = new Date(
        Math.min(
          milliseconds(place.until),
          milliseconds(deps.clock.now()) + context.getRemainingTimeInMillis() - LAST,
        ),
      ).toISOString();
      const { headers } = withOrigin({ status: 200, headers: STREAMED }, call.headers['origin']);
      const { statusCode, headers: all } = gatewayResult(
        { status: 200, headers: headers ?? {}, text: '' },
        call.requestId,
      );
      const lastEventId = call.headers['last-event-id'];
      const texts = followFlags(deps, { ...opened, lastEventId, until });
      await sent(
        begin(stream, { ...(statusCode === undefined ? {} : { statusCode }), headers: all ?? {} }),
        texts,
        context,
      );
    } finally {
      await deps.waits.end(opened.tenant, place.id, 'streams').catch(unlessFault);
    }
  };
}

const STREAMED = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };

type Place = { readonly id: string; readonly until: string };

async function answerTo(
  call: Call,
  deps: FlagStreamDeps,
): Promise<Reply | { readonly opened: OpenedKey; readonly place: Place }> {
  const { requestId, headers, method, query, segments } = call;
  const { origin } = headers;
  if (segments.join('/') !== 'ofrep/v1/events')
    return problemReply('not_found', 'there is nothing at this path', requestId);
  if (method === 'OPTIONS') return replyOf(preflight(origin, 'GET'));
  if (method !== 'GET') {
    const allow = 'GET, OPTIONS';
    return problemReply('method_not_allowed', `this path knows ${allow}`, requestId, {}, { allow });
  }
  const opened = await openStream(deps, presentedKey(headers) ?? query.get('ticket') ?? '');
  if (opened === undefined)
    return problemReply(
      'unauthenticated',
      'this flag key or ticket is not valid here: evaluate the flags again',
      requestId,
    );
  const { tenant, key } = opened;
  if (!allowsOrigin(key, origin)) {
    const detail = `pages of ${origin} may not use this flag key: add their origin to a key`;
    return refusalReply(refuse('not_authorized', detail), requestId);
  }
  const now = deps.clock.now();
  const place = { id: `${key.id}/${deps.ids.next('stream')}`, until: streamEnd(now, deps.random()) };
  const most = mostStreams(deps.reserved);
  const places = { most: most.tenant, begins: `${key.id}/`, mostOf: most.key };
  if (await deps.waits.begin(tenant, place, now, places, 'streams')) return { opened, place };
  const detail = `a key has at most ${most.key} streams and a tenant ${most.tenant} at once: poll instead`;
  const full = problemReply('unavailable', detail, requestId, {}, { 'retry-after': CROWDED });
  return replyOf(withOrigin(full, origin));
}

/** Seconds after which a client that found no place asks again. */
const CROWDED = '60';

/** A whole answer on a stream. */
async function written(begin: Begin, stream: Writable, reply: Reply, requestId: string): Promise<void> {
  const { statusCode = 500, headers = {}, body = '' } = gatewayResult(reply, requestId);
  const out = begin(stream, { statusCode, headers });
  out.write(body);
  await ended(out, LAST);
}

/** Writes each text once the one before was taken. A client that is gone, or takes nothing until the time is over, ends it. */
async function sent(out: Writable, texts: AsyncGenerator<string>, context: Context): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  out.once('close', leave).once('error', leave);
  const late = setTimeout(leave, Math.max(0, context.getRemainingTimeInMillis() - LAST / 2));
  try {
    for await (const text of texts) {
      if (gone.signal.aborted) return;
      if (!out.write(text)) await once(out, 'drain', { signal: gone.signal });
    }
    await ended(out, LAST);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    clearTimeout(late);
    if (gone.signal.aborted) out.destroy();
  }
}

/** Ends a stream; waits until what was written is taken, and not for long. */
async function ended(out: Writable, most: number): Promise<void> {
  out.end();
  const signal = AbortSignal.timeout(most);
  await once(out, 'finish', { signal }).catch((error: unknown) => {
    if (!signal.aborted && !out.destroyed) throw error;
  });
}

function unlessFault(error: unknown): void {
  if (!(error instanceof Fault)) throw error;
}
