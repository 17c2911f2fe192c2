import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Action } from '../../domain/identity/roles.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { authorize } from './authorize.ts';

type NamedDeps = Pick<Deps, 'catalog' | 'denials' | 'clock'>;

/**
 * Whether the caller may do something in all the environments that are named, by name, alias or `*`; where none is named, `read` alone is
 * asked. The right to read is asked before any name is heard or looked up, so whoever may read nothing learns of no environment. Refuses
 * `not_authorized`, `unknown_environment`.
 */
export async function authorizeNamed(
  deps: NamedDeps,
  principal: Principal,
  { read, action }: { readonly read: Action; readonly action: Action },
  named: () => readonly string[],
): Promise<Refusal | undefined> {
  const unread = await authorize(deps, principal, read);
  if (unread !== undefined) return unread;
  const given = named();
  if (given.every((name) => name === EVERY_ENVIRONMENT)) {
    return given.length === 0 ? undefined : authorize(deps, principal, action);
  }
  const names = namesOf(await deps.catalog.all(principal.tenant, 'environment'), given);
  return isRefusal(names) ? names : authorizeAll(deps, principal, action, names);
}

/** Asks for a role in each environment; `*` and none is the whole tenant. */
export async function authorizeAll(
  deps: NamedDeps,
  principal: Principal,
  action: Action,
  names: readonly string[],
): Promise<Refusal | undefined> {
  if (names.length === 0 || names.includes(EVERY_ENVIRONMENT)) return authorize(deps, principal, action);
  for (const name of new Set(names)) {
    const refusal = await authorize(deps, principal, action, name);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function namesOf(
  environments: readonly Environment[],
  given: readonly string[],
): readonly string[] | Refusal {
  const names: string[] = [];
  for (const one of given) {
    const name = one === EVERY_ENVIRONMENT ? one : findEnvironment(environments, one)?.name;
    if (name === undefined) {
      return refuse('unknown_environment', `there is no environment ${one}`, { name: one });
    }
    names.push(name);
  }
  return names;
}
