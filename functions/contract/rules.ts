import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';
import { EnvironmentName, Id, Instant, Line, listOf, PAGE } from './fields.ts';

/** Promotion rules, as the agent-promotion document has them. */

const status = z.enum(['active', 'inactive']);
/** A condition, or the same as JSON text; the domain judges its grammar and names what is wrong. */
const Conditions = z.nullable(
  z.union([z.record(z.string(), z.unknown()), z.string().check(z.minLength(1), z.maxLength(16_384))]),
);
const approvers = z.int().check(z.minimum(0), z.maximum(100));

/** Absent: no approval, not automatic, one approver where approval is required, no conditions, `active`. */
export const NewRule = z.strictObject({
  name: Line,
  source_environment: EnvironmentName,
  target_environment: EnvironmentName,
  requires_approval: z.exactOptional(z.boolean()),
  auto_promote: z.exactOptional(z.boolean()),
  required_approvers: z.exactOptional(approvers),
  conditions: z.exactOptional(Conditions),
  target_gateway_id: z.exactOptional(Id),
  status: z.exactOptional(status),
});
export type NewRule = z.infer<typeof NewRule>;

/** What is absent stays as it is; `target_gateway_id: null` clears it. */
export const RuleChange = z.strictObject({
  name: z.exactOptional(Line),
  source_environment: z.exactOptional(EnvironmentName),
  target_environment: z.exactOptional(EnvironmentName),
  requires_approval: z.exactOptional(z.boolean()),
  auto_promote: z.exactOptional(z.boolean()),
  required_approvers: z.exactOptional(approvers),
  conditions: z.exactOptional(Conditions),
  target_gateway_id: z.exactOptional(z.nullable(Id)),
  status: z.exactOptional(status),
});
export type RuleChange = z.infer<typeof RuleChange>;

export const RuleView = z.strictObject({
  id: Id,
  organization_id: Id,
  name: z.string(),
  source_environment: z.string(),
  target_environment: z.string(),
  requires_approval: z.boolean(),
  auto_promote: z.boolean(),
  required_approvers: z.int(),
  conditions: z.nullable(z.record(z.string(), z.unknown())),
  target_gateway_id: z.nullable(z.string()),
  status,
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
export type RuleView = z.infer<typeof RuleView>;

const base = { tag: 'rules', body: EMPTY, query: EMPTY, response: RuleView } as const;

export const createRule = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/promotions/rules',
  operation: 'createRule',
  summary: 'Creates a promotion rule',
  body: NewRule,
  status: [201],
  errors: [
    'unknown_environment',
    'unknown_gateway',
    'missing_stages',
    'invalid_transition',
    'conflict',
    'idempotency_key_reused',
  ],
  idempotent: true,
});

export const listRules = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/promotions/rules',
  operation: 'listRules',
  summary: 'Lists the promotion rules',
  query: z.strictObject(PAGE),
  response: listOf(RuleView),
  status: [200],
  errors: [],
});

export const getRule = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/promotions/rules/{id}',
  operation: 'getRule',
  summary: 'Reads a promotion rule; its ETag is its version',
  status: [200],
  errors: [],
});

export const updateRule = endpoint({
  ...base,
  method: 'PUT',
  path: '/api/v1/promotions/rules/{id}',
  operation: 'updateRule',
  summary: 'Changes a promotion rule; what is absent stays as it is',
  body: RuleChange,
  status: [200],
  errors: [
    'unknown_environment',
    'unknown_gateway',
    'missing_stages',
    'invalid_transition',
    'precondition_failed',
    'conflict',
  ],
  if_match: true,
});

export const deleteRule = endpoint({
  method: 'DELETE',
  path: '/api/v1/promotions/rules/{id}',
  operation: 'deleteRule',
  summary: 'Deletes a promotion rule',
  tag: 'rules',
  body: EMPTY,
  query: EMPTY,
  status: [204],
  errors: ['precondition_failed', 'conflict'],
  if_match: true,
});
