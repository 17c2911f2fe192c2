import type { Membership } from '../../../functions/domain/identity/member.ts';
import { memberOf } from '../../../functions/use-cases/administration/found-tenant.ts';
import { person, TENANT, type World } from '../deployments/world.ts';

/** So many members who may look, and some who may approve. */
export async function standMembers(world: World, total: number, approvers: number): Promise<void> {
  const member = (n: number): Membership =>
    memberOf(TENANT, person(`member-${n}`, n < approvers ? 'approver' : 'viewer'), world.now);
  for (let from = 0; from < total; from += 20) {
    const many = Array.from({ length: Math.min(20, total - from) }, (_, n) => member(from + n));
    await world.commit(
      ...many.map((membership) => ({ write: 'membership', membership, expected: 0 }) as const),
    );
  }
}
