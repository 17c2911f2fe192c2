/**
 * Every expected "no". The HTTP contract maps each code to its status and problem type; nothing else may refuse.
 */
export const REFUSALS = [
  'invalid_request',
  'masked_value',
  'not_authorized',
  'separation_of_duties',
  'governor',
  'tenant_mismatch',
  'not_found',
  'conflict',
  'already_open',
  'already_decided',
  'invalid_transition',
  'not_sealed',
  'not_logged',
  'manifest_changed',
  'target_moved',
  'protected',
  'reserved_name',
  'immutable',
  'in_use',
  'limit_reached',
  'precondition_failed',
  'gate_failed',
  'idempotency_key_reused',
  'missing_stages',
  'unknown_environment',
  'unknown_gateway',
  'source_not_deployed',
  'source_mismatch',
  'nothing_to_promote',
  'no_registry',
  'tag_exists',
  'artifact_too_large',
  'registry_failed',
  'risk_not_acknowledged',
  'comment_required',
  'expired',
  'link_used',
  'link_expired',
  'link_revoked',
  'link_not_yours',
  'locked',
  'frozen',
] as const;
export type RefusalCode = (typeof REFUSALS)[number];

/** A refusal: `detail` is a sentence for a person, `data` what a program needs (`missing_stages`, `required`, …). */
export type Refusal = {
  readonly refused: RefusalCode;
  readonly detail: string;
  readonly data?: { readonly [name: string]: unknown };
};

/** Makes a refusal. */
export function refuse(refused: RefusalCode, detail: string, data?: Refusal['data']): Refusal {
  return data === undefined ? { refused, detail } : { refused, detail, data };
}

/** Whether an answer is a refusal. */
export function isRefusal<T extends object>(answer: T | Refusal): answer is Refusal {
  return 'refused' in answer;
}
