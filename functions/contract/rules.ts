import * as z from 'zod/mini';
import { EnvironmentName, Id, Instant, Line } from '../domain/fields.ts';
import { resource } from './resource.ts';

/** Promotion rules, as the agent-promotion document has them. */

const status = z.enum(['active', 'inactive']);
/** A condition, or the same as JSON text; the domain judges its grammar and names what is wrong. */
const Conditions = z.union([
  z.record(z.string(), z.unknown()),
  z.string().check(z.minLength(1), z.maxLength(16_384)),
]);
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

export const rules = resource({
  governs: true,
  tag: 'rules',
  words: 'a promotion rule',
  path: '/api/v1/promotions/rules',
  key: 'id',
  operations: {
    create: 'createRule',
    list: 'listRules',
    get: 'getRule',
    replace: 'updateRule',
    remove: 'deleteRule',
  },
  body: NewRule,
  demanded: ['required_approvers'],
  view: RuleView,
  errors: ['unknown_environment', 'unknown_gateway', 'missing_stages', 'invalid_transition'],
});
