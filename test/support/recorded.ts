import type { Told } from '../../functions/domain/audit/change.ts';
import { SYSTEM } from '../../functions/domain/identity/principal.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { recordChange } from '../../functions/use-cases/audit/record-change.ts';
import { withGuards } from '../../functions/use-cases/catalog/with-guards.ts';
import type { Deps } from '../../functions/use-cases/deps.ts';

/** Commits what no operation lets a test write, on the record: so that the judge knows of it. */
export async function commitRecorded(
  deps: Pick<Deps, 'clock' | 'changes' | 'catalog' | 'transactions'>,
  tenant: string,
  told: Told,
  ...writes: readonly Write[]
): Promise<void> {
  const change = await recordChange(deps, tenant, SYSTEM, told);
  const environments = await deps.catalog.all(tenant, 'environment');
  const result = await deps.transactions.commit(tenant, withGuards(environments, [...writes, change]));
  if (!result.committed) throw new Error(`lost: ${result.lost.join()}`);
}
