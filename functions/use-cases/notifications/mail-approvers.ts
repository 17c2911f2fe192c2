import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { waitsForApproval } from '../../domain/notification/notice.ts';
import type { Eligibility } from '../../domain/promotion/eligibility.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { memberPrincipal } from '../access/principals.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { readApprovals } from '../promotions/approvals.ts';

/** Everybody who may approve in an environment. */
export async function approversThere(
  { directory }: Pick<Deps, 'directory'>,
  tenant: string,
  environment: string,
): Promise<readonly Principal[]> {
  const people: Principal[] = [];
  for await (const member of everyItem((page) => directory.approvers(tenant, page))) {
    const person = memberPrincipal(member);
    if (may(person, 'approve', environment)) people.push(person);
  }
  return people;
}

/** Everybody who may give the approval that is asked for; nobody once it is asked for no longer. */
export async function stillAsked(
  deps: KindDeps & Pick<Deps, 'directory' | 'changes' | 'clock'>,
  promotion: PromotionState,
): Promise<readonly Eligibility[]> {
  if (!waitsForApproval(promotion)) return [];
  const ref = { tenant: promotion.tenant, id: promotion.id };
  const asked: Eligibility[] = [];
  for (let after: string | undefined, more = true; more; ) {
    const page = { limit: 100, ...(after === undefined ? {} : { after }) };
    const view = await readApprovals(deps, ref, page);
    if (isRefusal(view)) return [];
    asked.push(...view.people.filter(({ eligible }) => eligible));
    after = view.next;
    more = after !== undefined;
  }
  return asked;
}
