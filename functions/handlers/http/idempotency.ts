import { type Digest, digestOfBytes } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Answers } from '../../ports/answers.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import type { Call } from './event.ts';
import { badFields } from './issues.ts';
import type { Reply } from './reply.ts';

/** How long a repeated request gets its first answer again: a day covers every client's retries. */
const KEPT_MS = 24 * 3_600_000;

/** A request that may be repeated: its key, and what it was about. */
export type Repeatable = { readonly key: Digest; readonly body_digest: Digest; readonly expires_at: string };

/** The `Idempotency-Key` of a call, bound to caller, method and path; `undefined` when it has none. */
export function repeatable(
  call: Call,
  principal: Principal,
  canonicalBody: string,
  now: string,
): Repeatable | Refusal | undefined {
  const key = call.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    return badFields([{ field: 'Idempotency-Key', problem: 'must be 1 to 255 visible ASCII characters' }]);
  }
  const about = [
    principal.tenant,
    principal.subject,
    call.method,
    call.segments.join('/').toWellFormed(),
    key,
  ];
  return {
    key: digestOfBytes(`idempotency\n${canonicalJson(about)}`),
    // What a query asks for (a dry run) makes it another request.
    body_digest: digestOfBytes(`${canonicalBody}\n${call.query}`),
    expires_at: new Date(Date.parse(now) + KEPT_MS).toISOString(),
  };
}

/** The answer that the same request got before; a refusal when the key was used for another body. */
export async function answered(
  { key, body_digest }: Repeatable,
  tenant: string,
  now: string,
  answers: Answers,
): Promise<Reply | Refusal | undefined> {
  const stored = await answers.read(tenant, key, now);
  if (stored === undefined) return undefined;
  if (stored.body_digest !== body_digest) {
    return refuse('idempotency_key_reused', 'this Idempotency-Key was used with another body');
  }
  return {
    status: stored.status,
    headers: { ...stored.headers, 'idempotency-replayed': 'true' },
    text: stored.body,
  };
}

/** A reply as it is kept with the commit that made it true. */
export function keep(request: Repeatable, { status, headers, text }: Reply): StoredAnswer {
  return { ...request, status, headers, body: text };
}
