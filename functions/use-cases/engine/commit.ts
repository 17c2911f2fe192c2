import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { RACE_LOST } from './until-committed.ts';

/**
 * Commits, and says what is left to do: nothing, or to look again because somebody else wrote meanwhile.
 * A lost answer means that the very same request is being served twice: the other one's answer is the answer.
 */
export async function committed(
  deps: Pick<Deps, 'transactions'>,
  tenant: string,
  writes: readonly Write[],
): Promise<Refusal | typeof RACE_LOST | undefined> {
  const result = await deps.transactions.commit(tenant, writes);
  if (result.committed) return undefined;
  const twin = result.lost.some((index) => writes[index]?.write === 'answer');
  return twin ? refuse('conflict', 'a request with this Idempotency-Key is in progress') : RACE_LOST;
}

/** The versions that `If-Match` names; absent: any. */
export type IfMatch = readonly number[] | undefined;

/** Refuses a version that the caller did not expect. */
export function unexpected(version: number, ifMatch: IfMatch): Refusal | undefined {
  if (ifMatch === undefined || ifMatch.includes(version)) return undefined;
  return refuse('precondition_failed', `the current version is ${version}`, { version });
}
