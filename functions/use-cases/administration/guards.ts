import type { Write } from '../../ports/transaction.ts';
import { type Beside, raised } from '../catalog/description.ts';

/** What a member or a machine may decide by. */
type Deciding = { readonly grants: object; readonly groups: object; readonly status?: string };

/**
 * Raises the guard of every environment when someone's roles, groups or status change: an execution that counts their approval loses its
 * claim then and reads its approvers again.
 */
export function deciding({ environments, before, after }: Beside<Deciding>): readonly Write[] {
  const told = (one?: Deciding) => JSON.stringify(one && [one.grants, one.groups, one.status]);
  if (before === undefined || told(before) === told(after)) return [];
  const names = environments.map(({ name }) => name);
  return raised(environments, names);
}
