import * as z from 'zod/mini';
import type { Egress, EgressRequest } from '../../ports/egress.ts';
import { jsonOf } from './offer.ts';

/** Where Slack is: its Web API, and the origin of its incoming webhooks and response URLs. */
export type SlackPlace = { readonly api: string; readonly hooks: string };

export const SLACK: SlackPlace = { api: 'https://slack.com/api', hooks: 'https://hooks.slack.com' };

/** A place that stands in for Slack, under one address. */
export const standIn = (api: string): SlackPlace => ({ api, hooks: new URL(api).origin });

/** What Slack answered: `error` is its own word for what is wrong, never a text of ours. */
export type SlackAnswer =
  | { readonly answer: 'ok'; readonly ts?: string; readonly channel?: string }
  /** Not now. */
  | { readonly answer: 'later'; readonly error: string; readonly after_seconds?: number }
  | { readonly answer: 'no'; readonly error: string };

export type SlackMethod = 'chat.postMessage' | 'chat.update' | 'chat.postEphemeral' | 'views.open';

const Ok = z.object({ ok: z.literal(true), ts: z.optional(z.string()), channel: z.optional(z.string()) });
const NotOk = z.object({ ok: z.literal(false), error: z.string() });

/** Bytes of an answer that are read: messages come back whole. */
const MOST_BYTES = 256 * 1024;
const ERROR = /^[a-z0-9_.-]{1,80}$/i;
/** Errors that pass by themselves (docs.slack.dev, common errors of methods), beside every 429 and 5xx. */
const PASSING: readonly string[] = [
  'fatal_error',
  'internal_error',
  'ratelimited',
  'rate_limited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
];

/** Calls a method of the Web API as the bot that `token` belongs to. */
export async function callSlack(
  egress: Egress,
  { api }: SlackPlace,
  call: {
    readonly method: SlackMethod;
    readonly token: string;
    readonly body: object;
    readonly timeout_ms: number;
  },
): Promise<SlackAnswer> {
  const { method, token, body, timeout_ms } = call;
  const sent = await exchange(
    egress,
    `${api}/${method}`,
    { authorization: `Bearer ${token}` },
    body,
    timeout_ms,
  );
  if ('answer' in sent) return sent;
  const [ok, notOk] = [z.safeParse(Ok, jsonOf(sent.body)), z.safeParse(NotOk, jsonOf(sent.body))];
  if (ok.success) {
    const { ts, channel } = ok.data;
    return {
      answer: 'ok',
      ...(ts === undefined ? {} : { ts }),
      ...(channel === undefined ? {} : { channel }),
    };
  }
  if (!notOk.success) return { answer: 'later', error: `unreadable_answer_${sent.status}` };
  const error = word(notOk.data.error);
  return { answer: PASSING.includes(error) ? 'later' : 'no', error };
}

/**
 * Posts to an incoming webhook or a response URL. Such a URL is a secret and came from elsewhere: any other host than Slack's own is
 * not called.
 */
export async function callHook(
  egress: Egress,
  { hooks }: SlackPlace,
  call: { readonly url: string; readonly body: object; readonly timeout_ms: number },
): Promise<SlackAnswer> {
  const url = URL.parse(call.url);
  if (url === null || url.origin !== hooks || url.username !== '' || url.password !== '') {
    return { answer: 'no', error: 'not_a_slack_hook' };
  }
  const sent = await exchange(egress, call.url, {}, call.body, call.timeout_ms);
  if ('answer' in sent) return sent;
  if (sent.status >= 200 && sent.status < 300) return { answer: 'ok' };
  return { answer: 'no', error: word(sent.body.trim()) };
}

async function exchange(
  egress: Egress,
  url: string,
  headers: EgressRequest['headers'],
  body: object,
  timeout_ms: number,
): Promise<SlackAnswer | { readonly status: number; readonly body: string }> {
  const sent = await egress.send({
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
    timeout_ms,
    max_bytes: MOST_BYTES,
  });
  if (sent.result === 'forbidden') return { answer: 'no', error: 'address_not_allowed' };
  if (sent.result === 'unanswered') return { answer: 'later', error: 'no_answer' };
  const { status } = sent;
  if (status !== 429 && status < 500) return { status, body: sent.body };
  const seconds = Number(sent.headers['retry-after'] ?? Number.NaN);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { after_seconds: Math.ceil(seconds) } : {};
  return { answer: 'later', error: status === 429 ? 'rate_limited' : `status_${status}`, ...wait };
}

/** Slack's errors are words; anything else it sends is not repeated. */
function word(error: string): string {
  return ERROR.test(error) ? error : 'unknown_error';
}
