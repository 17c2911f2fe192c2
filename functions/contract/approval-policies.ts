import * as z from 'zod/mini';
import { Duration, EnvironmentName, Id, Instant, Line } from '../domain/fields.ts';
import { endpoint } from './endpoint.ts';
import { PAGE } from './fields.ts';
import { MissingApprovers } from './missing-approvers.ts';
import { resource } from './resource.ts';
import { WhatIfView } from './what-if.ts';

/** Approval policies: how many approvals, from whom, for how long. */

/** Environments by name or alias, or `*` for all there are and will be. */
const Environments = z
  .array(z.union([z.literal('*'), EnvironmentName]))
  .check(z.minLength(1), z.maxLength(50));
const approvers = z.int().check(z.minimum(0), z.maximum(100));
const Groups = z
  .array(z.strictObject({ group: Id, min: z.int().check(z.minimum(1), z.maximum(100)) }))
  .check(z.maxLength(20));
/** What is absent takes its default. */
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
  /** Where one is read or written: what nobody can give of what it asks for. */
  warnings: z.exactOptional(z.array(z.strictObject({ environment: z.string(), ...MissingApprovers.shape }))),
});
export type ApprovalPolicyView = z.infer<typeof ApprovalPolicyView>;

export const approvalPolicies = resource({
  governs: true,
  tag: 'approval policies',
  words: 'an approval policy',
  path: '/api/v1/approval-policies',
  key: 'id',
  operations: {
    create: 'createApprovalPolicy',
    list: 'listApprovalPolicies',
    get: 'getApprovalPolicy',
    replace: 'updateApprovalPolicy',
    remove: 'deleteApprovalPolicy',
  },
  body: NewApprovalPolicy,
  demanded: ['required_approvers', 'groups'],
  view: ApprovalPolicyView,
  observed: ['warnings'],
  errors: ['unknown_environment'],
});

/** `replaces`: the policy that it would stand in for; absent, it would be one more. */
export const whatIfPolicy = endpoint({
  method: 'POST',
  path: '/api/v1/approval-policies/what-if',
  operation: 'whatIfPolicy',
  summary: 'Replay recorded decisions under another policy',
  tag: 'approval policies',
  body: z.strictObject({ ...NewApprovalPolicy.shape, replaces: z.exactOptional(Id) }),
  query: z.strictObject(PAGE),
  response: WhatIfView,
  status: [200],
  errors: ['unknown_environment'],
});
