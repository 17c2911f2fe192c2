import { type Change, nextChange, type Told } from '../../domain/audit/change.ts';
import { liftedLock } from '../../domain/authority/environment.ts';
import type { Environment, Lock } from '../../domain/catalog/environment.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { committed } from '../engine/commit.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { weakenedWrites } from './governed.ts';
import { withGuards } from './with-guards.ts';

type LockDeps = Pick<Deps, 'catalog' | 'changes' | 'denials' | 'clock' | 'transactions' | 'random' | 'sleep'>;

/** `dry_run`: the commit is dropped, so nothing will be found locked or open after it. */
type Locking = { readonly principal: Principal; readonly reason: string; readonly dry_run?: boolean };

/**
 * Locks everything: no environment is executed into. One commit writes it to all environments, which raises their guards: an
 * execution under way either was there first or meets the lock. Refuses `not_authorized`, `locked`.
 */
export async function lockTenant(
  deps: LockDeps,
  { principal, reason, dry_run = false }: Locking,
): Promise<Lock | Refusal> {
  const refusal = await authorize(deps, principal, 'lock');
  if (refusal !== undefined) return refusal;
  const lock: Lock = { reason, by: principal.subject, at: deps.clock.now() };
  let own = false;
  return untilCommitted<Lock | Refusal>(deps, async () => {
    const newest = await deps.changes.newest(principal.tenant);
    const environments = await deps.catalog.all(principal.tenant, 'environment');
    const held = environments.find(({ tenant_lock }) => tenant_lock !== undefined)?.tenant_lock;
    if (!own && held !== undefined) {
      return refuse('locked', `everything is locked: ${held.reason}`, { lock: held });
    }
    const open = environments.filter(({ tenant_lock }) => tenant_lock === undefined);
    if (open.length === 0) return lock;
    const locked = open.map((each) => ({ ...each, tenant_lock: lock }));
    const told = { action: 'lock', target: EVERYTHING, reason, after: lock } as const;
    const outcome = await written(deps, principal, locked, own ? undefined : { newest, told });
    if (outcome === undefined) own = true;
    if (own && dry_run) return lock;
    // Looked at again in any case: an environment that was created just before has no lock yet.
    return outcome ?? RACE_LOST;
  });
}

/** Lifts the lock of everything; those of single environments stay. Without one nothing changes. Refuses `not_authorized`. */
export async function unlockTenant(
  deps: LockDeps,
  { principal, reason, dry_run = false }: Locking,
): Promise<{ readonly lifted: true } | Refusal> {
  const refusal = await authorize(deps, principal, 'lock');
  if (refusal !== undefined) return refusal;
  let lifted = false;
  return untilCommitted<{ readonly lifted: true } | Refusal>(deps, async () => {
    const newest = await deps.changes.newest(principal.tenant);
    const environments = await deps.catalog.all(principal.tenant, 'environment');
    const locked = environments.filter(({ tenant_lock }) => tenant_lock !== undefined);
    if (locked.length === 0) return { lifted: true };
    const open = locked.map(({ tenant_lock: _, ...rest }) => rest);
    const [before] = locked.map(({ tenant_lock }) => tenant_lock);
    const told: Told = {
      action: 'unlock',
      target: EVERYTHING,
      reason,
      ...(before === undefined ? {} : { before }),
    };
    const outcome = await written(deps, principal, open, lifted ? undefined : { newest, told });
    if (outcome === undefined) lifted = true;
    if (lifted && dry_run) return { lifted };
    return outcome ?? RACE_LOST;
  });
}

/** `told`: what the chain of changes hears; absent when it has heard it. */
async function written(
  deps: LockDeps,
  principal: Principal,
  environments: readonly Environment[],
  telling: { readonly newest: Change | undefined; readonly told: Told } | undefined,
) {
  const updated_at = deps.clock.now();
  const items = environments.map(
    (each): Write => ({
      write: 'catalog',
      entry: { type: 'environment', item: { ...each, version: each.version + 1, updated_at } },
      expected: each.version,
    }),
  );
  const lifts = environments.every(({ tenant_lock }) => tenant_lock === undefined);
  const weakens = lifts ? environments.map(liftedLock) : [];
  const changes: Write[] = [];
  if (telling !== undefined) {
    const told = { ...telling.told, ...(lifts ? { weakens } : {}) };
    const change = nextChange(telling.newest, told, { at: deps.clock.now(), actor: actorOf(principal) });
    changes.push({ write: 'change', change }, ...weakenedWrites(change, weakens));
  }
  const opened: readonly Write[] = lifts ? [{ write: 'opened', environment: EVERYTHING.id }] : [];
  return committed(deps, principal.tenant, withGuards(environments, [...items, ...changes, ...opened]));
}

const EVERYTHING = { type: 'environment', id: '*' } as const;
