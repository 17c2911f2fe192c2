import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import { EMPTY_ROOT, knowingEmpty } from '../../domain/config-tree/empty.ts';
import { Nodes } from '../../domain/config-tree/nodes.ts';
import type { Digest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isId } from '../../domain/ids.ts';
import { emptyHead } from '../../domain/promotion/head.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Head } from '../../domain/subject.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { slotIn } from './slot.ts';

/** The nodes of a tenant's trees for one operation. */
export function nodesOf(deps: Pick<Deps, 'nodes'>, tenant: string): Nodes {
  return new Nodes(knowingEmpty(deps.nodes.reader(tenant)));
}

/** The root of what a head holds; an environment in which nothing was ever written has the empty tree. */
export function rootOf({ digest }: Pick<Head, 'digest'>): Digest {
  return digest ?? EMPTY_ROOT;
}

/** The config head of an environment, with version 0 when it was never written. */
export async function headOf(deps: Pick<Deps, 'heads'>, tenant: string, environment: string, now: string) {
  const slot = slotIn(environment);
  return (await deps.heads.read(tenant, slot)) ?? emptyHead(slot, now);
}

/** An environment by name or alias. */
export async function environmentOf(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  nameOrAlias: string,
): Promise<Environment | Refusal> {
  const found = findEnvironment(await deps.catalog.all(tenant, 'environment'), nameOrAlias);
  return (
    found ?? refuse('unknown_environment', `there is no environment ${nameOrAlias}`, { name: nameOrAlias })
  );
}

/** An environment and its config head as somebody may read them. */
export async function readableHead(
  deps: Pick<Deps, 'catalog' | 'heads' | 'denials' | 'clock'>,
  principal: Principal,
  nameOrAlias: string,
): Promise<{ readonly environment: Environment; readonly head: Head } | Refusal> {
  const unread = await authorize(deps, principal, 'read');
  if (unread !== undefined) return unread;
  const now = deps.clock.now();
  const { tenant } = principal;
  // Most callers give the name itself: its head comes in the same round. Of an alias it is read after it, and nothing waits for the other.
  const named = isId(nameOrAlias) ? headOf(deps, tenant, nameOrAlias, now) : undefined;
  try {
    const environment = await environmentOf(deps, tenant, nameOrAlias);
    if (isRefusal(environment)) return environment;
    const denied = await authorize(deps, principal, 'read', environment.name);
    if (denied !== undefined) return denied;
    const own = environment.name === nameOrAlias ? named : undefined;
    return { environment, head: await (own ?? headOf(deps, tenant, environment.name, now)) };
  } finally {
    await named?.catch(() => undefined);
  }
}
