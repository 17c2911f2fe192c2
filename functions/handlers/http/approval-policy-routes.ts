import * as contract from '../../contract/approval-policies.ts';
import type { ApprovalPolicy } from '../../domain/catalog/approval-policy.ts';
import { isRefusal } from '../../domain/refusal.ts';
import {
  createPolicy,
  deletePolicy,
  listPolicies,
  readPolicy,
  updatePolicy,
} from '../../use-cases/catalog/approval-policies.ts';
import type { TableDeps } from '../wiring/table.ts';
import { etag, ifMatch } from './etag.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

const shown = (tenant: string, policy: ApprovalPolicy): Answer =>
  ok(view(tenant, policy), etag(policy.version));

/** `/api/v1/approval-policies`. */
export const approvalPolicyRoutes: readonly Route<TableDeps>[] = [
  route(contract.createApprovalPolicy, async ({ principal, body, keeping }, deps) => {
    const answerOf = (policy: ApprovalPolicy) =>
      created(view(principal.tenant, policy), `/api/v1/approval-policies/${policy.id}`, etag(policy.version));
    const policy = await createPolicy(deps, { principal, policy: body, ...keeping(answerOf) });
    return isRefusal(policy) ? policy : answerOf(policy);
  }),
  route(contract.listApprovalPolicies, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const policies = await listPolicies(deps, { principal, page: asked });
    return isRefusal(policies) ? policies : paged(deps, policies, (policy) => view(principal.tenant, policy));
  }),
  route(contract.getApprovalPolicy, async ({ principal, param }, deps) => {
    const policy = await readPolicy(deps, { principal, id: param('id') });
    return isRefusal(policy) ? policy : shown(principal.tenant, policy);
  }),
  route(contract.updateApprovalPolicy, async ({ principal, param, body, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const policy = await updatePolicy(deps, {
      principal,
      id: param('id'),
      change: body,
      ifMatch: match.versions,
    });
    return isRefusal(policy) ? policy : shown(principal.tenant, policy);
  }),
  route(contract.deleteApprovalPolicy, async ({ principal, param, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const policy = await deletePolicy(deps, { principal, id: param('id'), ifMatch: match.versions });
    return isRefusal(policy) ? policy : noContent;
  }),
];

function view(tenant: string, policy: ApprovalPolicy): contract.ApprovalPolicyView {
  const { id, name, required_approvers, expires_after, require_comment, version } = policy;
  const { requester, author, previous_promoter, evidence_producer } = policy.separation_of_duties;
  return {
    id,
    organization_id: tenant,
    name,
    environments: [...policy.environments],
    required_approvers,
    groups: policy.groups.map(({ group, min }) => ({ group, min })),
    separation_of_duties: { requester, author, previous_promoter, evidence_producer },
    expires_after,
    require_comment,
    link_only: policy.link_only ?? false,
    created_at: policy.created_at,
    updated_at: policy.updated_at,
    version,
  };
}
