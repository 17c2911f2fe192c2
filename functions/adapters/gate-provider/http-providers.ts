import * as z from 'zod/mini';
import { isFacts } from '../../domain/evidence/json.ts';
import { readObject } from '../../domain/evidence/read-json.ts';
import { MAX_RESULT } from '../../domain/evidence/report.ts';
import { PROVIDER_STATUSES } from '../../domain/gates/provider.ts';
import { canonicalJson } from '../../domain/jcs.ts';
import type { Egress, EgressResult } from '../../ports/egress.ts';
import type { GateProviders, ProviderQuestion, ProviderReply } from '../../ports/gate-providers.ts';
import type { Secrets } from '../../ports/secrets.ts';
import { keysIn, signedHeaders } from '../webhook/signature.ts';

/** An answer, with status 200. `evidence` holds the facts that thresholds name. Other members are passed over. */
const ProviderAnswerBody = z.object({
  status: z.enum(PROVIDER_STATUSES),
  reason_code: z.exactOptional(z.string().check(z.regex(/^[a-z][a-z0-9_]{0,63}$/))),
  evidence: z.exactOptional(z.record(z.string(), z.unknown())),
});

/** Bytes of an answer. */
const MAX_ANSWER = 64 * 1024;
/**
 * Asks by one POST of JSON, signed as Standard Webhooks are, with `Idempotency-Key` = `webhook-id` = the
 * question's key. Only a 200 with a `ProviderAnswerBody` is an answer. Without a readable secret nothing is sent.
 */
export function httpGateProviders(deps: {
  readonly egress: Egress;
  readonly secrets: Secrets;
}): GateProviders {
  return {
    async ask(question) {
      const { tenant, provider, key: id, asked_at: at, timeout_ms } = question;
      if (provider.type !== 'http') return failed('no_provider', 'there is no endpoint to ask');
      const secret = await deps.secrets.read({ tenant, purpose: 'gate' }, provider.secret_ref);
      const keys = secret === undefined ? undefined : keysIn(secret);
      if (keys === undefined) return failed('provider_secret_unusable', 'secret_ref names no usable secret');
      const body = JSON.stringify(bodyOf(question));
      const result = await deps.egress.send({
        method: 'POST',
        url: provider.url,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'idempotency-key': id,
          ...signedHeaders(keys, { id, timestamp: Math.floor(Date.parse(at) / 1000), body }),
        },
        body,
        timeout_ms,
        max_bytes: MAX_ANSWER,
      });
      return replyOf(result);
    },
  };
}

/** The manifest is the one that people approve; `subject_digest` is what would be promoted. */
function bodyOf(question: ProviderQuestion) {
  const { tenant, promotion_id, gate, manifest, manifest_digest } = question;
  return {
    organization_id: tenant,
    promotion_id,
    gate,
    subject_digest: manifest.source.digest,
    manifest_digest,
    manifest,
  };
}

function replyOf(result: EgressResult): ProviderReply {
  switch (result.result) {
    case 'answered':
      if (result.status !== 200) return failed('provider_failed', `it answered ${result.status}`);
      if (result.truncated) return malformed(`it has more than ${MAX_ANSWER} bytes, or breaks off`);
      return answerIn(result.body);
    case 'forbidden':
      return failed('provider_forbidden', result.message);
    case 'unanswered':
      return failed(result.late ? 'provider_timed_out' : 'provider_unreachable', result.message);
    default:
      return result satisfies never;
  }
}

function answerIn(text: string): ProviderReply {
  if (!text.isWellFormed()) return malformed('it is not text');
  const read = readObject(text);
  if ('unreadable' in read) return malformed(read.unreadable);
  const parsed = z.safeParse(ProviderAnswerBody, read.members);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return malformed(`${issue?.path.join('.') ?? 'it'} is not as agreed`);
  }
  const { status, reason_code, evidence: facts = {} } = parsed.data;
  if (!isFacts(facts)) return malformed('evidence has numbers or texts without a canonical form');
  if (canonicalJson(facts).length > MAX_RESULT)
    return malformed(`evidence has more than ${MAX_RESULT} characters`);
  return { status, reason_code: reason_code ?? WORDLESS[status], facts, text };
}

/** The reason of an answer that gives none. */
const WORDLESS = {
  PASSED: 'ok',
  FAILED: 'provider_says_no',
  WARNING: 'provider_warns',
  ERROR: 'provider_reports_error',
} as const;

const malformed = (problem: string): ProviderReply => failed('provider_answer_malformed', problem);

function failed(reason_code: string, problem: string): ProviderReply {
  return { status: 'ERROR', reason_code, facts: { problem } };
}
