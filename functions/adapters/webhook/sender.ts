import type { ChannelOf } from '../../domain/notification/channel.ts';
import { driftEvent } from '../../domain/notification/drift-notice.ts';
import type { Notice } from '../../domain/notification/notice.ts';
import { liveEvent, promotionEvent } from '../../domain/notification/promotion-event.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Egress, EgressResult } from '../../ports/egress.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Sender, Sent } from '../../ports/sender.ts';
import { keysIn, signedHeaders } from './signature.ts';

/** A receiver that thinks longer should answer first and think then. */
const TIMEOUT_MS = 10_000;
/** Nothing of an answer's body is read: only its status counts. */
const MAX_BYTES = 0;
/** Seconds that a receiver may ask to be left alone, at most: an hour, as the longest pause of the queue. */
const LONGEST_PAUSE = 3_600;

/**
 * Webhooks as Standard Webhooks 1.0 has them: a POST of a CloudEvent, signed, with an id that stays the same however often it is sent.
 * 2xx is delivered and 410 the end; everything else is tried again, redirects and addresses that must not be called included, since
 * whoever keeps the receiver may still put that right.
 */
export function webhookSender(deps: {
  readonly egress: Egress;
  readonly secrets: Secrets;
  readonly clock: Clock;
}): Sender<ChannelOf<'webhook'>> {
  return {
    send: (channel, notice) => post(deps, channel, notice.id, bodyOf(notice)),
    drift: (channel, notice) => post(deps, channel, notice.id, JSON.stringify(driftEvent(notice))),
  };
}

async function post(
  deps: Parameters<typeof webhookSender>[0],
  channel: ChannelOf<'webhook'>,
  id: string,
  body: string,
): Promise<Sent> {
  const secret = await deps.secrets.read({ tenant: channel.tenant, purpose: 'webhook' }, channel.secret_ref);
  const keys = secret === undefined ? undefined : keysIn(secret);
  if (keys === undefined) return { outcome: 'retry', reason: 'secret_ref names no usable secret' };
  const signed = {
    id,
    timestamp: Math.floor(Date.parse(deps.clock.now()) / 1000),
    body,
  };
  const result = await deps.egress.send({
    method: 'POST',
    url: channel.url,
    headers: {
      'content-type': 'application/cloudevents+json; charset=utf-8',
      'user-agent': 'Sluice',
      ...signedHeaders(keys, signed),
    },
    body: signed.body,
    timeout_ms: TIMEOUT_MS,
    max_bytes: MAX_BYTES,
  });
  return outcomeOf(result);
}

/** The event as CDEvents knows it where CDEvents does, and else under our own type. */
function bodyOf({ promotion, event }: Notice): string {
  return JSON.stringify(liveEvent(promotion, event) ?? promotionEvent(promotion, event));
}

function outcomeOf(result: EgressResult): Sent {
  switch (result.result) {
    case 'answered':
      return outcomeOfStatus(result.status, result.headers['retry-after']);
    case 'forbidden':
      return { outcome: 'retry', reason: `the receiver must not be called: ${result.message}` };
    case 'unanswered':
      return { outcome: 'retry', reason: `the receiver did not answer: ${result.message}` };
    default:
      return result satisfies never;
  }
}

function outcomeOfStatus(status: number, retryAfter: string | undefined): Sent {
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  const reason = `the receiver answered ${status}`;
  if (status === 410) return { outcome: 'gone', reason };
  // Seconds only: a date would have to be believed against a clock of the receiver's.
  if (retryAfter === undefined || !/^\d{1,9}$/.test(retryAfter)) return { outcome: 'retry', reason };
  return { outcome: 'retry', reason, after_seconds: Math.min(Number(retryAfter), LONGEST_PAUSE) };
}
