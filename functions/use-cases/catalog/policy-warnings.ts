import type { ApprovalPolicy } from '../../domain/catalog/approval-policy.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { type Shortage, shortagesOf } from '../../domain/promotion/shortage.ts';
import { approversIn } from '../access/approvers.ts';
import { concerned } from './approval-policy-fields.ts';
import type { KeepingDeps } from './description.ts';

/** What a policy asks for in one environment and nobody there can give. */
export type PolicyWarning = Shortage & { readonly environment: string };

/** What nobody can give of what a policy asks for, in each environment that it concerns. A machine counts in the groups it is named by. */
export async function policyWarnings(
  deps: Pick<KeepingDeps, 'catalog' | 'directory'>,
  tenant: string,
  policy: ApprovalPolicy,
): Promise<readonly PolicyWarning[]> {
  const environments = concerned(await deps.catalog.all(tenant, 'environment'), policy);
  const approvers: Principal[] = [];
  for await (const person of approversIn(deps, tenant)) approvers.push(person);
  const named = new Set(policy.groups.map(({ group }) => group));
  const warnings = await Promise.all(
    environments.map(async ({ name }) => {
      const missing = await shortagesOf(policy, approvers, (person) => {
        const counts = person.kind === 'person' || person.groups.some((group) => named.has(group));
        return counts && may(person, 'approve', name);
      });
      return missing.map((one) => ({ ...one, environment: name }));
    }),
  );
  return warnings.flat();
}
