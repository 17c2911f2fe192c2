import type { SeparationOfDuties } from '../../domain/catalog/approval-policy.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import type { SeparationFacts } from '../../domain/promotion/commands.ts';
import { requestersOf } from '../../domain/promotion/parts.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';

export type PeopleDeps = KindDeps & Pick<Deps, 'directory'>;

/**
 * Who separation of duties may exclude from approving a promotion. A machine is one person with the owner that was recorded when it
 * acted, and with the one that it has now: nobody takes a machine's request over by taking, or giving away, the machine.
 */
export async function peopleOf(
  deps: PeopleDeps,
  state: PromotionState,
  asked: SeparationOfDuties,
): Promise<SeparationFacts> {
  const found = await kindOf(state.request).people(deps, state.tenant, state, asked);
  if (found === 'unreadable') return found;
  const { authors, previous_promoters, evidence_producers } = found;
  const requesters = asked.requester ? requestersOf(state) : [];
  const all = [...requesters, ...authors, ...previous_promoters, ...evidence_producers];
  const ids = [...new Set(all.filter(({ kind }) => kind === 'machine').map(({ subject }) => subject))];
  if (ids.length === 0) return found;
  const { machines } = await deps.directory.named(state.tenant, { subjects: [], machines: ids });
  const owners = new Map(machines.map(({ id, owner }) => [id, owner]));
  const owned = requesters.flatMap((actor) => ownedNow(actor, owners));
  const both = (actors: readonly Actor[]) => [...actors, ...actors.flatMap((one) => ownedNow(one, owners))];
  return {
    authors: both(authors),
    previous_promoters: both(previous_promoters),
    evidence_producers: both(evidence_producers),
    ...(owned.length === 0 ? {} : { requesters: owned }),
  };
}

/** A machine with the owner that it has now, where the record names another. */
function ownedNow(actor: Actor, owners: ReadonlyMap<string, string>): readonly Actor[] {
  const owner = actor.kind === 'machine' ? owners.get(actor.subject) : undefined;
  return owner === undefined || owner === actor.owner ? [] : [{ ...actor, owner }];
}
