import type { Principal } from '../../domain/identity/principal.ts';
import { promotionChain } from '../../domain/promotion/evolve.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { consistencyRanges, type Hash, inclusionRanges } from '../../domain/transparency-log/merkle.ts';
import { proofText } from '../../domain/transparency-log/proof.ts';
import { authorize } from '../access/authorize.ts';
import { readable } from '../access/readable.ts';
import type { Deps } from '../deps.ts';
import type { LogStores } from './deps.ts';
import { rootsOf } from './roots.ts';

export type ProveDeps = Pick<Deps, 'promotions' | 'denials' | 'clock'> & LogStores;

/**
 * The proof of a promotion as a text that is verified offline: its events as far as the log has them, and the way from the last of them to
 * the newest checkpoint. Reads at most 9 objects, whatever the size of the log. Refuses `not_found`, and `not_logged` for the minute in
 * which the log has not reached the promotion.
 */
export async function provePromotion(
  deps: ProveDeps,
  principal: Principal,
  id: string,
): Promise<string | Refusal> {
  const state = await readable(deps, principal, id);
  if (isRefusal(state)) return state;
  const { tenant } = principal;
  const [place, found] = await Promise.all([
    deps.logTree.place(tenant, promotionChain(id)),
    deps.logTree.read(tenant),
  ]);
  const head = found?.head;
  if (place === undefined || head?.signed === undefined || place.index >= head.size) {
    return refuse('not_logged', `the log has not reached promotion ${id} yet: try again in a minute`);
  }
  const [path, events] = await Promise.all([
    rootsOf(deps, tenant, head.size, inclusionRanges(place.index, head.size)),
    deps.promotions.events(tenant, id, 0, place.seq),
  ]);
  return proofText({ events, index: place.index, path, ...head.signed });
}

/** The newest checkpoint of a tenant's log, and the way from the tree of `first` entries to that of `second`. */
export type Consistency = {
  readonly first: number;
  readonly second: number;
  readonly path: readonly Hash[];
  readonly checkpoint: string;
  readonly public_key: string;
};

/**
 * Shows that a log of `second` entries holds all that it held at `first`, in its place; without `second`, that the newest checkpoint does.
 * Refuses `not_authorized`, `not_logged` before the first checkpoint, and `invalid_request` for a size that the log never had.
 */
export async function proveConsistency(
  deps: ProveDeps,
  principal: Principal,
  sizes: { readonly first?: number; readonly second?: number } = {},
): Promise<Consistency | Refusal> {
  const refusal = await authorize(deps, principal, 'read_audit');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const head = (await deps.logTree.read(tenant))?.head;
  if (head?.signed === undefined)
    return refuse('not_logged', 'the log has no checkpoint yet: try again in a minute');
  const { second = head.size, first = second } = sizes;
  const tooMany = `is more than the ${head.size} entries of the log`;
  if (second > head.size) return outside('second', tooMany);
  if (first > second) return outside('first', second < head.size ? `is more than ${second}` : tooMany);
  const path = await rootsOf(deps, tenant, head.size, consistencyRanges(first, second));
  return { first, second, path, ...head.signed };
}

const outside = (field: 'first' | 'second', problem: string): Refusal =>
  refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
