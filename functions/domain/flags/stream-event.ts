import { digestOfBytes } from '../digest.ts';
import { unixSeconds } from '../instant.ts';
import type { Head } from '../subject.ts';

/** Milliseconds between two polls of an environment: how late a client hears of a change, at most, but for the store's own delay. */
export const LOOK_MS = 5_000;
/** Looks without a change after which a comment is sent: proxies end a connection on which nothing comes for a minute. */
export const BEAT_LOOKS = 3;
/** Looks after which the key is read again: how long a revoked key goes on. */
export const KEY_POLLS = 12;
/** How long one stream is, in seconds: between these two, so that those who came at once do not come back at once. */
export const LIFE = { shortest: 240, longest: 280 } as const;
/** Streams of one key, and of one tenant, at once, where an installation has enough of them. */
export const MOST_STREAMS = { key: 100, tenant: 200 } as const;
/** Milliseconds after which a client connects again. */
const RETRY_MS = 3_000;

/**
 * Streams of one key, and of one tenant, at once, where `reserved` of them are for the whole installation: a tenant has at most half of these,
 * and a key half of that, so that neither takes them all. Where one alone is reserved, whoever comes first has it.
 */
export function mostStreams(reserved: number): { readonly key: number; readonly tenant: number } {
  const tenant = Math.min(MOST_STREAMS.tenant, halfOf(reserved));
  return { tenant, key: Math.min(MOST_STREAMS.key, halfOf(tenant)) };
}

const halfOf = (number: number): number => Math.max(1, Math.floor(number / 2));

/** What a client hears first. */
export const GREETING = `retry: ${RETRY_MS}\n\n`;
/** Says that the stream lives (HTML standard, server-sent events: a line that begins with a colon). */
export const BEAT = ':\n\n';

/** Names what an environment holds, and tells nothing of it: what a client says as `Last-Event-ID`. */
export function eventId({ digest }: Pick<Head, 'digest'>): string {
  return digestOfBytes(`sluice/flag-stream/v1\n${digest ?? ''}`).slice('sha256:'.length);
}

/** That flags are to be read again, as OFREP's event streams say it: never what they are. */
export function changeEvent(head: Pick<Head, 'digest' | 'updated_at'>): string {
  const id = eventId(head);
  const data = { type: 'refetchEvaluation', etag: `"${id}"`, lastModified: unixSeconds(head.updated_at) };
  return `id: ${id}\nevent: message\ndata: ${JSON.stringify(data)}\n\n`;
}
