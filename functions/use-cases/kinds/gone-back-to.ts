import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Revision, Slot } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import type { TakenBack, TakingBack } from './kind.ts';

/** Revisions that a rollback looks back through, and revisions that an answer names. */
const MOST_REVISIONS = 200;
const NAMED = 20;

/** A revision of a slot that it may go back to. */
type Former = { readonly revision: Revision };

/** The newest revisions of a slot, newest first. */
export async function revisionsOf(
  { heads }: Pick<Deps, 'heads'>,
  tenant: string,
  slot: Slot,
  most = MOST_REVISIONS,
): Promise<readonly Revision[]> {
  const found: Revision[] = [];
  for await (const revision of everyItem((page) => heads.revisions(tenant, slot, page))) {
    found.push(revision);
    if (found.length === most) break;
  }
  return found;
}

/**
 * What a slot goes back to: the revision with the number that is asked for, or the one before the promotion. `past`: what can be gone back
 * to, newest first, the active one among them. Refuses `source_not_deployed` naming the revisions that can be chosen, `nothing_to_promote`
 * where the revision is active or nothing was before, and `invalid_transition` to revert what was replaced since.
 */
export function goneBackTo<F extends Former>(
  past: readonly F[],
  { id, target_environment }: Pick<TakenBack, 'id' | 'target_environment'>,
  { mode, to_revision }: TakingBack,
): F | Refusal {
  if (to_revision !== undefined) return numbered(past, to_revision, target_environment);
  const at = past.findIndex(({ revision }) => madeBy(revision, id));
  if (at > 0 && mode === 'revert') {
    return refuse('invalid_transition', `${id} was replaced since: restore what was before it instead`);
  }
  const before = at < 0 ? undefined : past[at + 1];
  return before ?? refuse('nothing_to_promote', `nothing was active in ${target_environment} before ${id}`);
}

/** What can be gone back to: other content than what is active. */
function formerOf<F extends Former>([active, ...former]: readonly F[]): readonly F[] {
  return former.filter(({ revision: { digest } }) => digest !== active?.revision.digest);
}

/** The newest of them, as an answer names them. */
export const named = <F extends Former>(past: readonly F[]): readonly F[] => formerOf(past).slice(0, NAMED);

/** The former revision with a number. */
export function numbered<F extends Former>(
  past: readonly F[],
  number: number,
  environment: string,
): F | Refusal {
  const [active] = past;
  if (active?.revision.number === number) {
    return refuse('nothing_to_promote', `revision ${number} is active in ${environment}`, {
      reason: 'already_there',
    });
  }
  const others = formerOf(past);
  const found = others.find(({ revision }) => revision.number === number);
  if (found !== undefined) return found;
  const available = named(past).map(({ revision }) => revision.number);
  const choice =
    available.length === 0 ? 'there is no other to go back to' : `choose of ${available.join(', ')}`;
  return refuse('source_not_deployed', `${environment} cannot go back to revision ${number}: ${choice}`, {
    field: 'to_revision',
    available,
  });
}

/** The promotion that was named, where going back to a revision takes it back. */
export function takenBackBy(
  past: readonly Former[],
  { id }: Pick<TakenBack, 'id'>,
  { number }: Revision,
): { readonly promotion_id?: string } {
  const made = past.find(({ revision }) => madeBy(revision, id));
  return made === undefined || made.revision.number <= number ? {} : { promotion_id: id };
}

const madeBy = ({ cause }: Revision, id: string): boolean =>
  cause.by === 'execute' && cause.promotion_id === id;
