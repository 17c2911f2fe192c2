import type { RefusalCode } from '../domain/refusal.ts';

/** The HTTP status of every refusal: exhaustive, so a new refusal does not compile until it has one. */
export const REFUSAL_STATUS = {
  invalid_request: 400,
  reserved_name: 400,
  masked_value: 400,
  not_authorized: 403,
  separation_of_duties: 403,
  governor: 403,
  tenant_mismatch: 403,
  link_not_yours: 403,
  not_found: 404,
  unknown_environment: 404,
  unknown_gateway: 404,
  conflict: 409,
  already_open: 409,
  already_decided: 409,
  invalid_transition: 409,
  not_sealed: 409,
  not_logged: 409,
  manifest_changed: 409,
  target_moved: 409,
  protected: 409,
  immutable: 409,
  in_use: 409,
  limit_reached: 409,
  missing_stages: 409,
  source_not_deployed: 409,
  source_mismatch: 409,
  nothing_to_promote: 409,
  no_registry: 409,
  tag_exists: 409,
  risk_not_acknowledged: 409,
  expired: 409,
  link_used: 410,
  link_expired: 410,
  link_revoked: 410,
  precondition_failed: 412,
  artifact_too_large: 422,
  gate_failed: 422,
  idempotency_key_reused: 422,
  comment_required: 422,
  locked: 423,
  frozen: 423,
  registry_failed: 502,
} as const satisfies Record<RefusalCode, number>;

/** Problems that only the HTTP edge has: no use case can answer them. */
export const EDGE_STATUS = {
  unauthenticated: 401,
  unknown_operation: 404,
  method_not_allowed: 405,
  payload_too_large: 413,
  unsupported_media_type: 415,
  internal: 500,
  corrupt: 503,
  unavailable: 503,
  format_unsupported: 503,
} as const;

export type EdgeCode = keyof typeof EDGE_STATUS;
export type ProblemCode = RefusalCode | EdgeCode;

/** Every problem's status by its code. */
export const PROBLEM_STATUS: Readonly<Record<ProblemCode, number>> = { ...REFUSAL_STATUS, ...EDGE_STATUS };

/** What a problem document's `Content-Type` says (RFC 9457 section 3). */
export const PROBLEM_TYPE = 'application/problem+json';

/** A problem document: the members of RFC 9457 section 3.1, the code again as a plain word, and whatever the refusal carries. */
export type Problem = {
  readonly type: `/problems/${ProblemCode}`;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ProblemCode;
  readonly [name: string]: unknown;
};

/** Makes a problem document. `instance` is the request's id; `data` never replaces a standard member. */
export function problem(
  code: ProblemCode,
  detail: string,
  instance: string,
  data: { readonly [name: string]: unknown } = {},
): Problem {
  const status = PROBLEM_STATUS[code];
  return { ...data, type: `/problems/${code}`, title: titleOf(code), status, detail, instance, code };
}

/** The same for every occurrence of a code (RFC 9457 section 3.1.3): the code in words. */
export function titleOf(code: ProblemCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
