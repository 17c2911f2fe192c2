import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Tenant } from '../../ports/directory.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { LOST, untilCommitted } from '../engine/until-committed.ts';
import { type Founder, foundTenant } from './found-tenant.ts';

export type TenantDeps = Pick<
  Deps,
  'directory' | 'transactions' | 'changes' | 'denials' | 'clock' | 'random' | 'sleep'
>;

/** One page of all tenants. Refuses `not_authorized`. */
export async function listTenants(
  deps: TenantDeps,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<Tenant> | Refusal> {
  const refusal = await authorize(deps, principal, 'manage_tenants');
  return refusal ?? deps.directory.tenants(page);
}

/** Reads a tenant. Refuses `not_authorized`, `not_found`. */
export async function readTenant(
  deps: TenantDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<Tenant | Refusal> {
  const refusal = await authorize(deps, principal, 'manage_tenants');
  return refusal ?? (await deps.directory.tenant(id)) ?? missing(id);
}

/**
 * Creates a tenant with the default pipeline and its first admin, in one commit. The id is the caller's, so asking again for the
 * very same is the same tenant. Refuses `not_authorized`, `conflict` for a tenant that is another one.
 */
export async function createTenant(
  deps: TenantDeps,
  input: {
    readonly principal: Principal;
    readonly id: string;
    readonly name: string;
    readonly admin: Omit<Founder, 'grants' | 'groups'>;
  },
): Promise<Tenant | Refusal> {
  const { principal, id, name, admin } = input;
  const refusal = await authorize(deps, principal, 'manage_tenants');
  if (refusal !== undefined) return refusal;
  const founders = [{ ...admin, grants: [{ role: 'admin' }], groups: [] }] as const;
  return untilCommitted<Tenant | Refusal>(deps, async () => {
    const founded = await foundTenant(deps, { id, name, founders, by: actorOf(principal) });
    if (founded !== undefined) return founded;
    const there = await deps.directory.tenant(id);
    if (there === undefined) return LOST;
    const first = await deps.directory.membership(id, admin.subject);
    if (there.name === name && first?.email === admin.email) return there;
    return refuse('conflict', `there is a tenant ${id} already`, { id });
  });
}

/** Renames a tenant. Refuses `not_authorized`, `not_found`, `precondition_failed`. */
export async function updateTenant(
  deps: TenantDeps,
  input: {
    readonly principal: Principal;
    readonly id: string;
    readonly name: string;
    readonly ifMatch: IfMatch;
  },
): Promise<Tenant | Refusal> {
  const { principal, id, name } = input;
  const refusal = await authorize(deps, principal, 'manage_tenants');
  if (refusal !== undefined) return refusal;
  return untilCommitted<Tenant | Refusal>(deps, async () => {
    const stored = await deps.directory.tenant(id);
    if (stored === undefined) return missing(id);
    const stale = unexpected(stored.version, input.ifMatch);
    if (stale !== undefined) return stale;
    const tenant = { ...stored, name, version: stored.version + 1 };
    const told = { action: 'update', target: { type: 'tenant', id }, before: stored, after: tenant } as const;
    const outcome = await committed(deps, id, [
      { write: 'tenant', tenant, expected: stored.version },
      await recordChange(deps, id, actorOf(principal), told),
    ]);
    return outcome ?? tenant;
  });
}

const missing = (id: string): Refusal => refuse('not_found', `there is no tenant ${id}`);
