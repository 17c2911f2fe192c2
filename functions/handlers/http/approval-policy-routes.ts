import { type ApprovalPolicyView, approvalPolicies as resource } from '../../contract/approval-policies.ts';
import type { ApprovalPolicy } from '../../domain/catalog/approval-policy.ts';
import { approvalPolicies as description } from '../../use-cases/catalog/approval-policies.ts';
import { policyWarnings } from '../../use-cases/catalog/policy-warnings.ts';
import { missingApproversView } from './missing-approvers-view.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/approval-policies`. */
export const approvalPolicyRoutes = resourceRoutes({
  resource,
  description,
  view,
  async observed(deps, tenant, policy) {
    const warnings = await policyWarnings(deps, tenant, policy);
    return {
      warnings: warnings.map(({ environment, ...missing }) => ({
        environment,
        ...missingApproversView(missing, `${environment} `),
      })),
    };
  },
});

function view(tenant: string, policy: ApprovalPolicy): ApprovalPolicyView {
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
