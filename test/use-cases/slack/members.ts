import type { Membership } from '../../../functions/domain/identity/member.ts';
import type { Principal } from '../../../functions/domain/identity/principal.ts';
import { T0, type World } from '../deployments/world.ts';

/** Makes a person a member, as the directory knows them, or changes what they are. */
export async function joined(
  world: World,
  { tenant, subject, email, groups, grants }: Principal,
  change: Partial<Membership> = {},
): Promise<void> {
  const before = await world.deps.directory.membership(tenant, subject);
  const version = (before?.version ?? 0) + 1;
  const membership: Membership = {
    tenant,
    subject,
    user_id: subject,
    email,
    groups,
    grants,
    status: 'active',
    created_at: T0,
    updated_at: T0,
    ...change,
    version,
  };
  await world.commit({ write: 'membership', membership, expected: version - 1 });
}
