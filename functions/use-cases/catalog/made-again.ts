import type { Environment } from '../../domain/catalog/environment.ts';
import { madeAgain } from '../../domain/promotion/head.ts';
import type { KeepingDeps } from './description.ts';

/** Changes that are looked through, so many at once and at most. */
const READ = 100;
const MOST = 1_000;

/**
 * Whether an environment may have had a name before, as the changes of the tenant say. Where these are too many to look through it may
 * have: one that is kept apart from none is none the worse.
 */
export async function wasNamed(
  { changes }: Pick<KeepingDeps, 'changes'>,
  tenant: string,
  name: string,
): Promise<boolean> {
  let after: string | undefined;
  for (let seen = 0; seen < MOST; seen += READ) {
    const page = { limit: READ, ...(after === undefined ? {} : { after }) };
    const { items, next } = await changes.list(tenant, 'newest_first', page);
    if (items.some(({ target: { type, id } }) => type === 'environment' && id === name)) return true;
    if (next === undefined) return false;
    after = next;
  }
  return true;
}

/** Heads that begin again in one commit, which writes three items for each. */
const TOGETHER = 30;

/**
 * Begins other chains in the slots that were used in a deleted environment of the name; its own stay where they are, and in the record. It
 * is done before the environment is there, so that nothing is written to one chain when the other is meant. `false`: another request has
 * made the environment.
 */
export async function beginChains(
  { heads, transactions, clock }: Pick<KeepingDeps, 'heads' | 'transactions' | 'clock'>,
  tenant: string,
  { name, incarnation }: Environment,
): Promise<boolean> {
  if (incarnation === undefined) return true;
  let after: string | undefined;
  do {
    const page = { limit: TOGETHER, ...(after === undefined ? {} : { after }) };
    const { items, next } = await heads.inEnvironment(tenant, name, page);
    // One without revisions has begun again already.
    const used = items.filter(({ revision }) => revision > 0);
    const now = clock.now();
    const begun = used.map((former) => ({ former, head: madeAgain(former, incarnation, now) }));
    const write = { write: 'made_again', environment: name, heads: begun } as const;
    if (used.length > 0 && !(await transactions.commit(tenant, [write])).committed) return false;
    after = next;
  } while (after !== undefined);
  return true;
}
