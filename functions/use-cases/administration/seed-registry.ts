import type { Registry } from '../../domain/catalog/registry.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';

export type SeedRegistryDeps = Pick<
  Deps,
  'catalog' | 'transactions' | 'changes' | 'clock' | 'random' | 'sleep'
>;

/** A registry that comes with the installation. */
export type SeededRegistry = Pick<Registry, 'id' | 'url' | 'secret_ref'>;

/**
 * Sees to it that a tenant's primary registry is there under its present address: the registry of one machine moves with its port. What an
 * admin made of it since stays, and where another registry is the primary one nothing is added.
 */
export async function seedRegistry(
  deps: SeedRegistryDeps,
  tenant: string,
  { id, url, secret_ref }: SeededRegistry,
): Promise<void> {
  await untilCommitted<object>(deps, async () => {
    const all = await deps.catalog.all(tenant, 'registry');
    const stored = all.find((one) => one.id === id);
    if (stored?.url === url) return stored;
    if (stored === undefined && all.some(({ role }) => role === 'primary')) return {};
    const now = deps.clock.now();
    const secret = secret_ref === undefined ? {} : { secret_ref };
    const item: Registry =
      stored === undefined
        ? { id, type: 'oci', role: 'primary', url, ...secret, version: 1, created_at: now, updated_at: now }
        : { ...stored, url, version: stored.version + 1, updated_at: now };
    const result = await deps.transactions.commit(tenant, [
      { write: 'catalog', entry: { type: 'registry', item }, expected: stored?.version ?? 0 },
      await recordChange(deps, tenant, SYSTEM, {
        action: stored === undefined ? 'create' : 'update',
        target: { type: 'registry', id },
        ...(stored === undefined ? {} : { before: stored }),
        after: item,
      }),
    ]);
    return result.committed ? item : RACE_LOST;
  });
}
