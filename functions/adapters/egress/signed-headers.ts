import { keyedHash } from '../../domain/digest.ts';

/**
 * The headers of Standard Webhooks 1.0: `webhook-id` names the message and is the same when it is sent again, `webhook-timestamp` is
 * in seconds, and `webhook-signature` is `v1,` and the base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`. `at` is an instant. A secret
 * that begins with `whsec_` is base64 behind that; any other is its own bytes.
 */
export function signedHeaders(
  secret: string,
  { id, at, body }: { readonly id: string; readonly at: string; readonly body: string },
): { readonly [name: string]: string } {
  const timestamp = String(Math.floor(Date.parse(at) / 1000));
  const signature = keyedHash(keyOf(secret))(`${id}.${timestamp}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${Buffer.from(signature).toString('base64')}`,
  };
}

const PREFIX = 'whsec_';

function keyOf(secret: string): Uint8Array {
  return secret.startsWith(PREFIX)
    ? Buffer.from(secret.slice(PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
}
