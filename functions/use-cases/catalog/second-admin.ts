import type { Unconfirmed } from '../../domain/audit/change-words.ts';
import {
  type Admin,
  isCovered,
  type PendingChange,
  SECOND_ADMIN_MEMORY,
  unconfirmed,
} from '../../domain/audit/pending-change.ts';
import { isAdmin } from '../../domain/identity/admin.ts';
import type { Membership } from '../../domain/identity/member.ts';
import { type Actor, actorOf, type Principal } from '../../domain/identity/principal.ts';
import { samePerson } from '../../domain/identity/same-person.ts';
import { addDuration } from '../../domain/instant.ts';
import type { Weakening } from '../../domain/policy/weakening/weakening.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { machinePrincipal, memberPrincipal } from '../access/principals.ts';
import { everyItem } from '../every-item.ts';
import type { Beside, Confirming, KeepingDeps } from './description.ts';

/**
 * Whether a change that weakens waits for a second admin, or why one is not asked. A change waits when it weakens an environment that is
 * protected and the tenant has another admin, or had one within 30 days. Taking the role from the only other admin does not wait: nobody
 * but they could confirm it. `removes` is the admin that the change removes.
 */
export async function secondAdmin(
  deps: Pick<KeepingDeps, 'directory' | 'changes' | 'clock'>,
  { tenant, ...principal }: Principal,
  { environments }: Pick<Beside<unknown>, 'environments'>,
  weakens: readonly Weakening[],
  removes: Actor | undefined,
): Promise<'waits' | Unconfirmed | 'unprotected'> {
  const concerned = environments.filter(({ name }) =>
    weakens.some(({ environment }) => environment === name),
  );
  if (!concerned.some((one) => one.protected)) return 'unprotected';
  const asker = actorOf({ tenant, ...principal });
  let left = false;
  for await (const member of everyItem((page) => deps.directory.members(tenant, page))) {
    const actor = actorOf(memberPrincipal(member));
    if (!isAdmin(member) || samePerson(actor, asker)) continue;
    if (removes === undefined || !samePerson(actor, removes)) return 'waits';
    left = true;
  }
  if (left) return 'removes_second_admin';
  // Every admin who is made or removed is a weakening of each environment: the index of members may be behind, this record is not.
  const since = addDuration(deps.clock.now(), `-${SECOND_ADMIN_MEMORY}`);
  for (const { name } of environments) {
    const recent = await deps.changes.weakened(tenant, name, since);
    if (recent.some((one) => one.weakens.some(({ what }) => what === 'admin'))) return 'waits';
  }
  return 'no_second_admin';
}

/**
 * Why a change cannot be confirmed now, read afresh at each attempt: the confirmer is no second admin, the asker's roles are others than
 * those it would be made with, or the change would weaken more than was asked for.
 */
export async function unconfirmable(
  deps: Pick<KeepingDeps, 'directory' | 'clock'>,
  { by, pending }: Confirming,
  asker: Principal,
  weakens: readonly Weakening[],
): Promise<Refusal | undefined> {
  const { tenant, subject } = by;
  const member = await deps.directory.membership(tenant, subject);
  const refusal = unconfirmed(pending, actorOf(by), admin(member), deps.clock.now());
  if (refusal !== undefined) return refusal;
  const now = await askerOf(deps, tenant, pending);
  if (now === undefined || JSON.stringify(now.grants) !== JSON.stringify(asker.grants))
    return askerGone(pending);
  if (isCovered(weakens, pending)) return undefined;
  return refuse('conflict', `${pending.id} would weaken more than was asked for: discard it and ask again`, {
    asked: pending.weakens,
    weakens,
  });
}

/** Who asked for a change, with the roles that they have now; `undefined` when they are no active member any more. */
export async function askerOf(
  { directory }: Pick<KeepingDeps, 'directory'>,
  tenant: string,
  { asked_by: { subject, kind } }: Pick<PendingChange, 'asked_by'>,
): Promise<Principal | undefined> {
  if (kind === 'machine') {
    const machine = await directory.machine(tenant, subject);
    return machine && machinePrincipal(machine);
  }
  const member = await directory.membership(tenant, subject);
  return member?.status === 'active' ? memberPrincipal(member) : undefined;
}

/** The refusal of a change whose asker may not make it any more. */
export function askerGone({ id, asked_by }: Pick<PendingChange, 'id' | 'asked_by'>): Refusal {
  const who = asked_by.email === '' ? asked_by.subject : asked_by.email;
  return refuse('conflict', `${who} may no longer make the change ${id}: discard it`, { id });
}

/** A member as admin. One of before `admin_since` was kept counts from the last change of their membership. */
function admin(member: Membership | undefined): Admin | undefined {
  if (member === undefined || !isAdmin(member)) return undefined;
  return { actor: actorOf(memberPrincipal(member)), since: member.admin_since ?? member.updated_at };
}
