import type { Write } from '../../ports/transaction.ts';
import { type Beside, raised } from '../catalog/description.ts';

/** What a member or a machine may decide by. */
type Deciding = {
  readonly grants: object;
  readonly groups: object;
  readonly status?: string;
  readonly owner?: string;
};

/**
 * Raises the guard of every environment when someone's roles, groups, status or owner change: an execution that counts their approval, or
 * their request, loses its claim then and reads them again.
 */
export function deciding({ environments, before, after }: Beside<Deciding>): readonly Write[] {
  const told = (one?: Deciding) => JSON.stringify(one && [one.grants, one.groups, one.status, one.owner]);
  if (before === undefined || told(before) === told(after)) return [];
  const names = environments.map(({ name }) => name);
  return raised(environments, names);
}
