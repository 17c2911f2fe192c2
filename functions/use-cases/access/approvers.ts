import type { Principal } from '../../domain/identity/principal.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import { machinePrincipal, memberPrincipal } from './principals.ts';

/** The active members of a tenant, and then its machines, as an index knows them: page by page. */
export async function* everybody(
  { directory }: Pick<Deps, 'directory'>,
  tenant: string,
): AsyncGenerator<Principal, undefined> {
  for await (const member of everyItem((page) => directory.members(tenant, page))) {
    if (member.status === 'active') yield memberPrincipal(member);
  }
  for await (const machine of everyItem((page) => directory.machines(tenant, page))) {
    yield machinePrincipal(machine);
  }
}
