import { nextChange } from '../../domain/audit/change.ts';
import type { PendingChange } from '../../domain/audit/pending-change.ts';
import { findings } from '../../domain/authority/find.ts';
import { actorOf } from '../../domain/identity/principal.ts';
import type { Weakening } from '../../domain/policy/weakening/weakening.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Beside, Changing, Description, KeepingDeps, Kept } from './description.ts';
import { weakenedWrites, worldOf } from './governed.ts';
import { asking, removal } from './pending-changes.ts';
import { secondAdmin, unconfirmable } from './second-admin.ts';
import type { TenantVersion } from './tenant-version.ts';

/** What a commit writes for a change of an item: beside it or, where it waits for a second admin, in its place. */
export type Telling = { readonly writes: readonly Write[]; readonly pending?: PendingChange };

/**
 * The writes that append a change to the chain of its tenant and keep what it weakens; or those by which it waits for a second admin.
 * Refuses (`invalid_request`) a change that weakens and says no reason, and one that is confirmed by who may not confirm it.
 */
export async function told<T extends Kept, F extends object>(
  deps: KeepingDeps,
  noun: Description<T, F>,
  tenantVersion: TenantVersion,
  { principal, reason: given, confirming }: Changing,
  { fields, ...change }: Beside<T> & { readonly fields?: F },
): Promise<Telling | Refusal> {
  const { before, after } = change;
  const subject = after ?? before;
  const world = await worldOf(deps, principal.tenant, change.environments, noun.authority.reads);
  const weakens = findings(noun.type, noun.authority, change, world);
  const refusal =
    unexplained(weakens, given) ??
    (confirming && (await unconfirmable(deps, confirming, principal, weakens)));
  if (refusal !== undefined) return refusal;
  const reason = given ?? (subject === undefined ? undefined : noun.reasonOf?.(subject));
  const action = after === undefined ? 'delete' : before === undefined ? 'create' : 'update';
  const target = { type: noun.type, id: subject === undefined ? '' : noun.idOf(subject) };
  const values = {
    ...(before === undefined ? {} : { before: noun.recorded(before) }),
    ...(after === undefined ? {} : { after: noun.recorded(after) }),
  };
  const asked = noun.alone !== true && confirming === undefined && weakens.length > 0;
  const removes = weakens.every(({ what }) => what === 'admin') ? noun.removesAdmin?.(change) : undefined;
  const answer = asked && (await secondAdmin(deps, principal, change, weakens, removes));
  if (answer === 'waits') {
    return asking(deps, principal, tenantVersion, {
      ...{ action, target, expected: before?.version ?? 0, reason: given ?? '', weakens, values },
      ...(fields === undefined ? {} : { fields }),
    });
  }
  const next = nextChange(
    tenantVersion.newest,
    {
      ...{ action, target, ...values },
      ...(weakens.length === 0 ? {} : { weakens }),
      ...(reason === undefined ? {} : { reason }),
      ...(confirming === undefined
        ? {}
        : { confirmed_by: actorOf(confirming.by), confirms: confirming.pending.id }),
      ...(answer === false || answer === 'unprotected' ? {} : { unconfirmed: answer }),
    },
    { at: deps.clock.now(), actor: actorOf(principal) },
  );
  const confirmed = confirming === undefined ? [] : [removal(confirming.pending)];
  return { writes: [{ write: 'change', change: next }, ...weakenedWrites(next, weakens), ...confirmed] };
}

/** The refusal of a change that weakens without saying why. */
function unexplained(weakens: readonly Weakening[], reason: string | undefined): Refusal | undefined {
  if (weakens.length === 0 || reason !== undefined) return undefined;
  const what = [...new Set(weakens.map((each) => `${each.what} in ${each.environment}`))];
  const named = what.length > NAMED ? [...what.slice(0, NAMED), `${what.length - NAMED} more`] : what;
  const problem = `is required, since the change weakens what governs promotions (${named.join(', ')}): say why`;
  return refuse('invalid_request', `reason ${problem}`, {
    errors: [{ field: 'reason', problem }],
    weakens,
  });
}

/** Weakenings that a sentence names. */
const NAMED = 5;
