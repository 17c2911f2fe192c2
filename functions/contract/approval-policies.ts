import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';
import { Duration, EnvironmentName, Id, Instant, Line, listOf, PAGE } from './fields.ts';

/** Approval policies (DESIGN section 5): how many approvals, from whom, for how long. */

/** Environments by name or alias, or `*` for all there are and will be. */
const Environments = z
  .array(z.union([z.literal('*'), EnvironmentName]))
  .check(z.minLength(1), z.maxLength(50));
const approvers = z.int().check(z.minimum(0), z.maximum(100));
const Groups = z
  .array(z.strictObject({ group: Id, min: z.int().check(z.minimum(1), z.maximum(100)) }))
  .check(z.maxLength(20));
/** What is absent is the default on creation and stays on a change. */
const Separation = z.strictObject({
  requester: z.exactOptional(z.boolean()),
  author: z.exactOptional(z.boolean()),
  previous_promoter: z.exactOptional(z.boolean()),
  evidence_producer: z.exactOptional(z.boolean()),
});

/** Absent: one approver, no groups, separation from the requester alone, seven days, no comment. */
export const NewApprovalPolicy = z.strictObject({
  name: Line,
  environments: Environments,
  required_approvers: z.exactOptional(approvers),
  groups: z.exactOptional(Groups),
  separation_of_duties: z.exactOptional(Separation),
  expires_after: z.exactOptional(Duration),
  require_comment: z.exactOptional(z.boolean()),
  link_only: z.exactOptional(z.boolean()),
});

/** What is absent stays as it is. */
export const ApprovalPolicyChange = z.strictObject({
  name: z.exactOptional(Line),
  environments: z.exactOptional(Environments),
  required_approvers: z.exactOptional(approvers),
  groups: z.exactOptional(Groups),
  separation_of_duties: z.exactOptional(Separation),
  expires_after: z.exactOptional(Duration),
  require_comment: z.exactOptional(z.boolean()),
  link_only: z.exactOptional(z.boolean()),
});

export const ApprovalPolicyView = z.strictObject({
  id: Id,
  organization_id: Id,
  name: z.string(),
  environments: z.array(z.string()),
  required_approvers: z.int(),
  groups: z.array(z.strictObject({ group: z.string(), min: z.int() })),
  separation_of_duties: z.strictObject({
    requester: z.boolean(),
    author: z.boolean(),
    previous_promoter: z.boolean(),
    evidence_producer: z.boolean(),
  }),
  expires_after: z.string(),
  require_comment: z.boolean(),
  link_only: z.boolean(),
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
export type ApprovalPolicyView = z.infer<typeof ApprovalPolicyView>;

const base = {
  tag: 'approval policies',
  body: EMPTY,
  query: EMPTY,
  response: ApprovalPolicyView,
} as const;

export const createApprovalPolicy = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/approval-policies',
  operation: 'createApprovalPolicy',
  summary: 'Creates an approval policy',
  body: NewApprovalPolicy,
  status: [201],
  errors: ['unknown_environment', 'conflict', 'idempotency_key_reused'],
  idempotent: true,
});

export const listApprovalPolicies = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/approval-policies',
  operation: 'listApprovalPolicies',
  summary: 'Lists the approval policies',
  query: z.strictObject(PAGE),
  response: listOf(ApprovalPolicyView),
  status: [200],
  errors: [],
});

export const getApprovalPolicy = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/approval-policies/{id}',
  operation: 'getApprovalPolicy',
  summary: 'Reads an approval policy; its ETag is its version',
  status: [200],
  errors: [],
});

export const updateApprovalPolicy = endpoint({
  ...base,
  method: 'PUT',
  path: '/api/v1/approval-policies/{id}',
  operation: 'updateApprovalPolicy',
  summary: 'Changes an approval policy; what is absent stays as it is',
  body: ApprovalPolicyChange,
  status: [200],
  errors: ['unknown_environment', 'precondition_failed', 'conflict'],
  if_match: true,
});

export const deleteApprovalPolicy = endpoint({
  method: 'DELETE',
  path: '/api/v1/approval-policies/{id}',
  operation: 'deleteApprovalPolicy',
  summary: 'Deletes an approval policy',
  tag: 'approval policies',
  body: EMPTY,
  query: EMPTY,
  status: [204],
  errors: ['precondition_failed', 'conflict'],
  if_match: true,
});
