import { createHmac } from 'node:crypto';

/** Bytes that Standard Webhooks wants in a key. */
const SHORTEST = 24;
const LONGEST = 64;
/** Secrets at once: the one before and the one after an exchange, and room for a mistake. */
const MOST = 5;

/**
 * The keys in a secret's text: one `whsec_…` in base64, or several with white space or commas between them while receivers change from
 * one to the next. `undefined` when one of them is none, or there are none.
 */
export function keysIn(secret: string): readonly Uint8Array[] | undefined {
  const words = secret.split(/[\s,]+/).filter((word) => word !== '');
  const keys = words.flatMap((word) => keyIn(word) ?? []);
  return keys.length === words.length && keys.length > 0 && keys.length <= MOST ? keys : undefined;
}

function keyIn(word: string): Uint8Array | undefined {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(word) ?? [];
  if (base64 === undefined) return undefined;
  const key = Buffer.from(base64, 'base64');
  return key.length >= SHORTEST && key.length <= LONGEST ? key : undefined;
}

/** A message as Standard Webhooks signs it; `timestamp` counts seconds since 1970. */
export type Signed = { readonly id: string; readonly timestamp: number; readonly body: string };

/** The headers of a message: its id, which stays the same when it is sent again, its time, and its signatures. */
export function signedHeaders(
  keys: readonly Uint8Array[],
  signed: Signed,
): { readonly [name: string]: string } {
  return {
    'webhook-id': signed.id,
    'webhook-timestamp': String(signed.timestamp),
    'webhook-signature': signatures(keys, signed),
  };
}

/** `webhook-signature`: a signature of `<id>.<timestamp>.<body>` by each key, with a space between them. */
export function signatures(keys: readonly Uint8Array[], { id, timestamp, body }: Signed): string {
  const content = `${id}.${timestamp}.${body}`;
  return keys.map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`).join(' ');
}
