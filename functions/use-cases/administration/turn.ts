import { Fault } from '../../domain/faults.ts';
import type { Tenant } from '../../ports/directory.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

/**
 * Takes the turn of a tenant: two commits that both hold it cannot both succeed. It belongs to every decision over several
 * items of which no single one changes for sure: no two environments of one name, never no admin.
 * Read it before what is judged.
 */
export async function takeTurn(deps: Pick<Deps, 'directory'>, tenant: string): Promise<Write> {
  const stored = await deps.directory.tenant(tenant);
  if (stored === undefined) throw new Fault('Corrupt', `the tenant ${tenant} has members but no record`);
  return { write: 'tenant', tenant: next(stored), expected: stored.version };
}

const next = (tenant: Tenant): Tenant => ({ ...tenant, version: tenant.version + 1 });
