import { nextChange, type Told } from '../../domain/audit/change.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

/** What recording a change reads. */
export type ChangeDeps = Pick<Deps, 'changes' | 'clock'>;

/**
 * The write that appends a change to its tenant's chain, to be committed with the change itself: neither is there without the other.
 * It loses when another change came first, and is then made again on that one. Executions never wait for it: only changes do.
 */
export async function recordChange(
  deps: ChangeDeps,
  tenant: string,
  actor: Actor,
  told: Told,
): Promise<Write> {
  const newest = await deps.changes.newest(tenant);
  return { write: 'change', change: nextChange(newest, told, { at: deps.clock.now(), actor }) };
}
