import type { Change } from '../../domain/audit/change.ts';
import type { KeepingDeps } from './description.ts';

/**
 * The newest change of a tenant, read before anything but the item itself is judged: every write of a noun appends the next one, so two
 * that judge the same things at once cannot both commit. Limits and names hold by it.
 */
export type TenantVersion = { readonly newest: Change | undefined; readonly next: number };

/** Counts the next version. */
export async function nextTenantVersion(
  deps: Pick<KeepingDeps, 'changes'>,
  tenant: string,
): Promise<TenantVersion> {
  const newest = await deps.changes.newest(tenant);
  return { newest, next: (newest?.seq ?? 0) + 1 };
}
