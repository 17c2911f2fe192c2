import type { Principal } from '../../domain/identity/principal.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import { machinePrincipal, memberPrincipal } from './principals.ts';

/** The active members of a tenant whose roles let them approve somewhere, and then its machines: page by page. */
export async function* approversIn(
  { directory }: Pick<Deps, 'directory'>,
  tenant: string,
): AsyncGenerator<Principal, undefined> {
  for await (const member of everyItem((page) => directory.approvers(tenant, page))) {
    yield memberPrincipal(member);
  }
  for await (const machine of everyItem((page) => directory.machines(tenant, page))) {
    yield machinePrincipal(machine);
  }
}
