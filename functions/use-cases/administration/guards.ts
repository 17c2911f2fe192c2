import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

/** What a member or a machine may decide by. */
type Deciding = { readonly grants: object; readonly groups: object; readonly status?: string };

/**
 * Raises the guard of every environment when someone's roles, groups or status change: an execution that counts their approval loses its
 * claim then and reads its approvers again. `after` is absent for who leaves.
 */
export async function guardsOf(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  before: Deciding,
  after?: Deciding,
): Promise<readonly Write[]> {
  const told = (one?: Deciding) => JSON.stringify(one && [one.grants, one.groups, one.status]);
  if (told(before) === told(after)) return [];
  const environments = await deps.catalog.all(tenant, 'environment');
  return environments.map(({ name }): Write => ({ write: 'raise_guard', environment: name }));
}
