import { approvalPolicies as resource } from '../../contract/approval-policies.ts';
import { policy as noun } from '../../domain/catalog/approval-policy.ts';
import { approvalPolicies as description } from '../../use-cases/catalog/approval-policies.ts';
import { policyWarnings } from '../../use-cases/catalog/policy-warnings.ts';
import { missingApproversView } from './missing-approvers-view.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/approval-policies`. */
export const approvalPolicyRoutes = resourceRoutes({
  resource,
  description,
  view: (tenant, policy) => noun.show(tenant, policy, { link_only: policy.link_only ?? false }),
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
