import { nextChange, type Told } from '../../domain/audit/change.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

/** What recording a change reads. */
export type ChangeDeps = Pick<Deps, 'changes' | 'clock'>;

/**
 * The write that appends a change to its tenant's chain, to be committed with the change itself: neither is there without the other.
 * It loses when another change came first, and is then made again on that one. Executions never wait for it: only changes do.
 */
export async function recordChange(deps: ChangeDeps, principal: Principal, told: Told): Promise<Write> {
  const newest = await deps.changes.newest(principal.tenant);
  const change = nextChange(newest, told, { at: deps.clock.now(), actor: actorOf(principal) });
  return { write: 'change', change };
}
