import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Tenant } from '../../ports/directory.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { authorize } from '../access/authorize.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { committed, type IfMatch, unexpected } from '../engine/commit.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
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
    if (there === undefined) return RACE_LOST;
    const first = await deps.directory.membership(id, admin.subject);
    if (there.name === name && first?.email === admin.email) return there;
    return refuse('conflict', `there is a tenant ${id} already`, { id });
  });
}

/**
 * Changes a tenant into what `fieldsOf` says, given the tenant as it stands. What is so already is no change. Refuses `not_authorized`,
 * `not_found`, `precondition_failed`, and what `fieldsOf` refuses.
 */
export async function updateTenant(
  deps: TenantDeps,
  input: {
    readonly principal: Principal;
    readonly id: string;
    readonly fieldsOf: (stored: Tenant) => Pick<Tenant, 'name'> | Refusal;
    readonly ifMatch: IfMatch;
    readonly reason?: string;
  },
): Promise<Tenant | Refusal> {
  const { principal, id, reason } = input;
  const refusal = await authorize(deps, principal, 'manage_tenants');
  if (refusal !== undefined) return refusal;
  return untilCommitted<Tenant | Refusal>(deps, async () => {
    const stored = await deps.directory.tenant(id);
    if (stored === undefined) return missing(id);
    const stale = unexpected(stored.version, input.ifMatch);
    if (stale !== undefined) return stale;
    const fields = input.fieldsOf(stored);
    if (isRefusal(fields)) return fields;
    if (fields.name === stored.name) return stored;
    const tenant = { ...stored, name: fields.name, version: stored.version + 1 };
    const target = { type: 'tenant', id } as const;
    const why = reason === undefined ? {} : { reason };
    const told = { action: 'update', target, before: stored, after: tenant, ...why } as const;
    const outcome = await committed(deps, id, [
      { write: 'tenant', tenant, expected: stored.version },
      await recordChange(deps, id, actorOf(principal), told),
    ]);
    return outcome ?? tenant;
  });
}

const missing = (id: string): Refusal => refuse('not_found', `there is no tenant ${id}`);
