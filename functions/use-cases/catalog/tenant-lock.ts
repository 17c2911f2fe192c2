import type { Environment, Lock } from '../../domain/catalog/environment.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { LOST, untilCommitted } from '../deployments/until-committed.ts';
import type { Deps } from '../deps.ts';
import { authorize } from './authorize.ts';
import { committed } from './commit.ts';

type LockDeps = Pick<Deps, 'catalog' | 'denials' | 'clock' | 'transactions' | 'random' | 'sleep'>;

/**
 * Locks everything: no environment is executed into. One commit writes it to all environments, which raises their guards: an
 * execution under way either was there first or meets the lock. Refuses `not_authorized`, `locked`.
 */
export async function lockTenant(
  deps: LockDeps,
  { principal, reason }: { readonly principal: Principal; readonly reason: string },
): Promise<Lock | Refusal> {
  const refusal = await authorize(deps, principal, 'lock');
  if (refusal !== undefined) return refusal;
  const lock: Lock = { reason, by: principal.subject, at: deps.clock.now() };
  let own = false;
  return untilCommitted<Lock | Refusal>(deps, async () => {
    const environments = await deps.catalog.environments(principal.tenant);
    const held = environments.find(({ tenant_lock }) => tenant_lock !== undefined)?.tenant_lock;
    if (!own && held !== undefined) {
      return refuse('locked', `everything is locked: ${held.reason}`, { lock: held });
    }
    const open = environments.filter(({ tenant_lock }) => tenant_lock === undefined);
    if (open.length === 0) return lock;
    const locked = open.map((each) => ({ ...each, tenant_lock: lock }));
    const outcome = await written(deps, principal.tenant, locked);
    if (outcome === undefined) own = true;
    // Looked at again in any case: an environment that was created just before has no lock yet.
    return outcome ?? LOST;
  });
}

/** Lifts the lock of everything; those of single environments stay. Without one nothing changes. Refuses `not_authorized`. */
export async function unlockTenant(
  deps: LockDeps,
  { principal }: { readonly principal: Principal },
): Promise<{ readonly lifted: true } | Refusal> {
  const refusal = await authorize(deps, principal, 'lock');
  if (refusal !== undefined) return refusal;
  return untilCommitted<{ readonly lifted: true } | Refusal>(deps, async () => {
    const environments = await deps.catalog.environments(principal.tenant);
    const locked = environments.filter(({ tenant_lock }) => tenant_lock !== undefined);
    if (locked.length === 0) return { lifted: true };
    const open = locked.map(({ tenant_lock: _, ...rest }) => rest);
    return (await written(deps, principal.tenant, open)) ?? LOST;
  });
}

function written(deps: LockDeps, tenant: string, environments: readonly Environment[]) {
  const updated_at = deps.clock.now();
  return committed(
    deps,
    tenant,
    environments.map((each) => ({
      write: 'catalog',
      entry: { type: 'environment', item: { ...each, version: each.version + 1, updated_at } },
      expected: each.version,
    })),
  );
}
