import { isAdmin } from '../../domain/identity/admin.ts';
import type { Membership } from '../../domain/identity/member.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';

/** Refuses `in_use` when a tenant would be left without any admin but this member. */
export async function lastAdmin(
  deps: Pick<Deps, 'directory'>,
  { tenant, subject }: Membership,
): Promise<Refusal | undefined> {
  let after: string | undefined;
  do {
    const page = await deps.directory.members(tenant, {
      limit: 100,
      ...(after === undefined ? {} : { after }),
    });
    if (page.items.some((member) => member.subject !== subject && isAdmin(member))) return undefined;
    after = page.next;
  } while (after !== undefined);
  return refuse('in_use', 'this is the last active admin: make another one first');
}
