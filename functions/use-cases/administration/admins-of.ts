import { isAdmin } from '../../domain/identity/admin.ts';
import type { Deps } from '../deps.ts';

const PAGE = 100;

/** Returns the active admins of a tenant, in order. `written`: subjects that were written just now, and may not be in the list yet. */
export async function adminsOf(
  { directory }: Pick<Deps, 'directory'>,
  tenant: string,
  written: readonly string[],
): Promise<readonly string[]> {
  const admins = new Set<string>();
  let after: string | undefined;
  do {
    const page = await directory.members(tenant, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const member of page.items) if (isAdmin(member)) admins.add(member.subject);
    after = page.next;
  } while (after !== undefined);
  for (const subject of written) {
    const member = await directory.membership(tenant, subject);
    if (member !== undefined && isAdmin(member)) admins.add(subject);
  }
  return [...admins].toSorted();
}
