import { type Digest, keyedHash, rawOfDigest, sameBytes } from '../digest.ts';
import { isId } from '../ids.ts';
import type { FlagKey } from './flag-key.ts';

/**
 * Opens the stream of changes of one flag key, and nothing else. A browser's `EventSource` sends no headers, so that what opens a stream
 * stands in its address, where a key must not: a ticket tells nothing of the key's secret, and ends by itself.
 */
export type StreamTicket = {
  readonly tenant: string;
  readonly environment: string;
  readonly id: string;
  /** The last day (UTC) on which it opens. */
  readonly until: string;
  readonly mac: string;
};

const PREFIX = 'sluice-stream';
const SEPARATOR = '~';
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MAC = /^[A-Za-z0-9_-]{43}$/;
const DAY_MS = 86_400_000;

/** The ticket of a key: the same for a whole day, so that a client that gets it again keeps its connection; good for that day and the next. */
export function ticketText(tenant: string, { environment, id, secret_digest }: FlagKey, now: string): string {
  const until = dayOf(new Date(Date.parse(now) + DAY_MS).toISOString());
  const named = [tenant, environment, id, until];
  return [PREFIX, ...named, macOf(secret_digest, named)].join(SEPARATOR);
}

/** The parts of a ticket; `undefined` for what cannot be one. */
export function parseTicket(text: string): StreamTicket | undefined {
  const [prefix, tenant = '', environment = '', id = '', until = '', mac = '', ...more] =
    text.split(SEPARATOR);
  const whole = prefix === PREFIX && more.length === 0 && DAY.test(until) && MAC.test(mac);
  return whole && [tenant, environment, id].every(isId) ? { tenant, environment, id, until, mac } : undefined;
}

/** Whether a ticket is one of this key and not over. How much of it fits does not show in the time it takes. */
export function admits(
  key: FlagKey | undefined,
  { tenant, environment, id, until, mac }: StreamTicket,
  now: string,
): key is FlagKey {
  if (key === undefined || key.environment !== environment || until < dayOf(now)) return false;
  const wanted = macOf(key.secret_digest, [tenant, environment, id, until]);
  return sameBytes(Buffer.from(wanted), Buffer.from(mac));
}

/** The digest of a secret of 256 random bits, which nobody but the store knows, is itself a key. */
const macOf = (secret: Digest, named: readonly string[]): string =>
  Buffer.from(keyedHash(rawOfDigest(secret))(`sluice/flag-stream/v1\n${named.join('\n')}`)).toString(
    'base64url',
  );

const dayOf = (instant: string): string => instant.slice(0, 10);
