import * as z from 'zod/mini';
import { policy } from '../domain/catalog/approval-policy.ts';
import { Id } from '../domain/fields.ts';
import { endpoint } from './endpoint.ts';
import { PAGE } from './fields.ts';
import { MissingApprovers } from './missing-approvers.ts';
import { resource } from './resource.ts';
import { WhatIfView } from './what-if.ts';

/** Approval policies: how many approvals, from whom, for how long. */

export const ApprovalPolicyView = z.extend(policy.view, {
  warnings: z
    .exactOptional(
      z.array(
        z.strictObject({
          environment: z.string().check(z.describe('The environment.')),
          ...MissingApprovers.shape,
        }),
      ),
    )
    .check(z.describe('Where one is read or written: what no approver can give of what it asks for.')),
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
  body: policy.body,
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
  body: z.strictObject({ ...policy.body.shape, replaces: z.exactOptional(Id) }),
  query: z.strictObject(PAGE),
  response: WhatIfView,
  status: [200],
  errors: ['unknown_environment'],
});
