import * as z from 'zod/mini';
import { Fault } from '../../domain/faults.ts';
import type { Egress, EgressRequest } from '../../ports/egress.ts';

/** What a provider says of itself (OpenID Connect Discovery section 3), as far as it is used. */
export const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});
export type Metadata = z.infer<typeof Metadata>;

/** Keys that verify its tokens (RFC 7517). */
export const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });
export type KeySet = z.infer<typeof KeySet>;

const LIMITS = { timeout_ms: 5_000, max_bytes: 64 * 1024 } as const;

/** Calls the provider: its status and its JSON. Throws `Unavailable` when it does not answer, or answers that it cannot. */
export async function ask(
  egress: Egress,
  request: Pick<EgressRequest, 'method' | 'url' | 'headers' | 'body'>,
): Promise<{ readonly status: number; readonly json: unknown }> {
  const sent = await egress.send({ ...request, ...LIMITS });
  if (sent.result !== 'answered' || sent.truncated || sent.status >= 500) {
    throw new Fault('Unavailable', 'the identity provider does not answer');
  }
  return { status: sent.status, json: jsonOf(sent.body) };
}

/** A document of the provider. Throws `Unavailable` when it is not there or not one. */
export async function document<T>(egress: Egress, url: string, schema: z.ZodMiniType<T>): Promise<T> {
  const { status, json } = await ask(egress, { method: 'GET', url, headers: { accept: 'application/json' } });
  const parsed = schema.safeParse(json);
  if (status !== 200 || !parsed.success) {
    throw new Fault('Unavailable', 'the identity provider does not say what it should');
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
