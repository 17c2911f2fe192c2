import { nextChange } from '../../domain/audit/change.ts';
import { isOver, PENDING_FOR, type PendingChange } from '../../domain/audit/pending-change.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { samePerson } from '../../domain/identity/same-person.ts';
import { addDuration } from '../../domain/instant.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Write } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { committed } from '../engine/commit.ts';
import { untilCommitted } from '../engine/until-committed.ts';
import type { Changing, KeepingDeps } from './description.ts';
import { askerGone, askerOf } from './second-admin.ts';
import { nextTenantVersion, type TenantVersion } from './tenant-version.ts';

/** Changes that may wait at once. */
const MOST = 50;

type PendingDeps = Pick<
  KeepingDeps,
  'catalog' | 'changes' | 'transactions' | 'denials' | 'clock' | 'ids' | 'random' | 'sleep'
>;
type One = { readonly principal: Principal; readonly id: string };

/** What is asked for, before it has its id and its time. */
export type Asked = Omit<
  PendingChange,
  'id' | 'asked_by' | 'expires_at' | 'version' | 'created_at' | 'updated_at'
>;

/**
 * A change that waits for a second admin, and the writes that keep it and append the asking to the chain of changes; those that are over
 * go. Refuses `conflict` while another change of the same item waits, and `limit_reached`.
 */
export async function asking(
  deps: Pick<KeepingDeps, 'catalog' | 'clock' | 'ids'>,
  principal: Principal,
  { newest }: TenantVersion,
  asked: Asked,
): Promise<{ readonly pending: PendingChange; readonly writes: readonly Write[] } | Refusal> {
  const now = deps.clock.now();
  const all = await deps.catalog.all(principal.tenant, 'pending_change');
  const waiting = all.filter((one) => !isOver(one, now));
  const { type, id: item } = asked.target;
  const same = waiting.find(({ target }) => target.type === type && target.id === item);
  if (same !== undefined) {
    return refuse(
      'conflict',
      `the change ${same.id} of it waits for confirmation: confirm or discard it first`,
      {
        pending_change_id: same.id,
      },
    );
  }
  if (waiting.length >= MOST) {
    return refuse('limit_reached', `at most ${MOST} changes wait for confirmation: confirm or discard one`, {
      noun: 'pending_change',
      limit: MOST,
    });
  }
  const actor = actorOf(principal);
  const stamp = { version: 1, created_at: now, updated_at: now };
  const id = deps.ids.next('pend');
  const pending = { id, asked_by: actor, expires_at: addDuration(now, PENDING_FOR), ...asked, ...stamp };
  const told = { action: 'create', target: { type: 'pending_change', id }, reason: asked.reason } as const;
  const over = all.filter((one) => isOver(one, now)).slice(0, 20);
  return {
    pending,
    writes: [
      { write: 'catalog', entry: { type: 'pending_change', item: pending }, expected: 0 },
      ...over.map(removal),
      { write: 'change', change: nextChange(newest, { ...told, after: pending }, { at: now, actor }) },
    ],
  };
}

/** One page of the changes that were asked for and not yet confirmed or discarded. Refuses `not_authorized`. */
export async function listPending(
  deps: PendingDeps,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<PendingChange> | Refusal> {
  const refusal = await authorize(deps, principal, 'read_audit');
  return refusal ?? deps.catalog.page(principal.tenant, 'pending_change', page);
}

/** Reads one; who asked for it may too. Refuses `not_authorized`, `not_found`. */
export async function readPending(
  deps: PendingDeps,
  { principal, id }: One,
): Promise<PendingChange | Refusal> {
  const pending = await deps.catalog.item(principal.tenant, 'pending_change', id);
  if (pending !== undefined && samePerson(pending.asked_by, actorOf(principal))) return pending;
  return (await authorize(deps, principal, 'read_audit')) ?? pending ?? missing(id);
}

/**
 * Confirms one as second admin, by `make`, which makes the change in the name of who asked for it. Refuses `not_authorized`, `not_found`,
 * `expired`, `separation_of_duties`, `conflict` where the item, its asker or what it weakens is not as it was, and what the change itself is refused.
 */
export async function confirmPending(
  deps: PendingDeps & Pick<KeepingDeps, 'directory'>,
  { principal, id }: One,
  make: (pending: PendingChange, changing: Changing) => Promise<object | Refusal>,
): Promise<PendingChange | Refusal> {
  const { tenant } = principal;
  const refusal = await authorize(deps, principal, 'manage_members');
  if (refusal !== undefined) return refusal;
  if (principal.kind !== 'person') return refuse('not_authorized', 'only people confirm changes');
  const pending = await deps.catalog.item(tenant, 'pending_change', id);
  if (pending === undefined) return missing(id);
  const asker = await askerOf(deps, tenant, pending);
  if (asker === undefined) return askerGone(pending);
  const { reason } = pending;
  const made = await make(pending, { principal: asker, reason, confirming: { by: principal, pending } });
  if (!isRefusal(made)) return pending;
  if (made.refused === 'not_authorized') return askerGone(pending);
  const { type, id: item } = pending.target;
  if (made.refused !== 'precondition_failed' && made.refused !== 'not_found') return made;
  return refuse('conflict', `the ${type} ${item} is not as it was: discard the change and ask again`, { id });
}

/** Discards one, which is recorded; any admin may, and who asked for it. Refuses `not_authorized`, `not_found`. */
export async function discardPending(
  deps: PendingDeps,
  { principal, id, reason }: One & { readonly reason?: string },
): Promise<PendingChange | Refusal> {
  const { tenant } = principal;
  return untilCommitted<PendingChange | Refusal>(deps, async () => {
    const { newest } = await nextTenantVersion(deps, tenant);
    const pending = await deps.catalog.item(tenant, 'pending_change', id);
    const own = pending !== undefined && samePerson(pending.asked_by, actorOf(principal));
    const refusal = own ? undefined : await authorize(deps, principal, 'manage_members');
    if (refusal !== undefined) return refusal;
    if (pending === undefined) return missing(id);
    const told = {
      action: 'delete',
      target: { type: 'pending_change', id },
      before: pending,
      ...(reason === undefined ? {} : { reason }),
    } as const;
    const change = nextChange(newest, told, { at: deps.clock.now(), actor: actorOf(principal) });
    const outcome = await committed(deps, tenant, [removal(pending), { write: 'change', change }]);
    return outcome ?? pending;
  });
}

/** The write that takes one away, confirmed, discarded or over. */
export function removal({ id, version }: PendingChange): Write {
  return { write: 'catalog_delete', type: 'pending_change', id, expected: version };
}

const missing = (id: string): Refusal => refuse('not_found', `there is no pending change ${id}`);
