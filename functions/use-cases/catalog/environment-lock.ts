import { nextChange } from '../../domain/audit/change.ts';
import { recordedEnvironment } from '../../domain/audit/recorded.ts';
import { liftedLock } from '../../domain/authority/environment.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { committed } from '../engine/commit.ts';
import { untilCommitted } from '../engine/until-committed.ts';
import { weakenedWrites } from './governed.ts';
import { withGuards } from './with-guards.ts';

export type EnvironmentDeps = Pick<
  Deps,
  'catalog' | 'changes' | 'denials' | 'clock' | 'transactions' | 'random' | 'sleep'
>;
type Locking = { readonly principal: Principal; readonly name: string };

/** Locks an environment: nothing executes into it. Refuses `not_authorized`, `not_found`, `locked`. */
export function lockEnvironment(
  deps: EnvironmentDeps,
  input: Locking & { readonly reason: string },
): Promise<Environment | Refusal> {
  const { principal, reason } = input;
  return altered(deps, input, { action: 'lock', reason }, (environment, at) => {
    const { name, lock } = environment;
    if (lock !== undefined) return refuse('locked', `${name} is locked: ${lock.reason}`, { lock });
    return { ...environment, lock: { reason, by: principal.subject, at } };
  });
}

/** Lifts a lock; where there is none nothing changes. Refuses `not_authorized`, `not_found`. */
export function unlockEnvironment(
  deps: EnvironmentDeps,
  input: Locking & { readonly reason: string },
): Promise<Environment | Refusal> {
  const { reason } = input;
  return altered(deps, input, { action: 'unlock', reason }, (environment) => {
    const { lock, ...unlocked } = environment;
    return lock === undefined ? environment : unlocked;
  });
}

/** A lock says nothing of names and ranks: it takes no turn in the pipeline, and must not wait for one in an incident. */
async function altered(
  deps: EnvironmentDeps,
  { principal, name }: Locking,
  telling: { readonly action: 'lock' | 'unlock'; readonly reason: string },
  change: (environment: Environment, now: string) => Environment | Refusal,
): Promise<Environment | Refusal> {
  const { tenant } = principal;
  return untilCommitted<Environment | Refusal>(deps, async () => {
    const unread = await authorize(deps, principal, 'read');
    if (unread !== undefined) return unread;
    const newest = await deps.changes.newest(tenant);
    const environments = await deps.catalog.all(tenant, 'environment');
    const stored = findEnvironment(environments, name);
    if (stored === undefined) return refuse('not_found', `there is no environment ${name}`);
    const refusal = await authorize(deps, principal, 'lock', stored.name);
    if (refusal !== undefined) return refusal;
    const now = deps.clock.now();
    const altering = change(stored, now);
    if ('refused' in altering || altering === stored) return altering;
    const item = {
      ...altering,
      version: stored.version + 1,
      guard: stored.guard + 1,
      updated_at: now,
    };
    const opens = stored.lock !== undefined && item.lock === undefined;
    const weakens = opens ? [liftedLock(item)] : [];
    const told = {
      ...telling,
      ...(opens ? { weakens } : {}),
      target: { type: 'environment', id: item.name },
      before: recordedEnvironment(stored),
      after: recordedEnvironment(item),
    } as const;
    const next = nextChange(newest, told, { at: now, actor: actorOf(principal) });
    const opened: readonly Write[] =
      item.lock === undefined ? [{ write: 'opened', environment: item.name }] : [];
    const outcome = await committed(
      deps,
      tenant,
      withGuards(environments, [
        { write: 'catalog', entry: { type: 'environment', item }, expected: stored.version },
        { write: 'change', change: next },
        ...weakenedWrites(next, weakens),
        ...opened,
      ]),
    );
    return outcome ?? item;
  });
}
