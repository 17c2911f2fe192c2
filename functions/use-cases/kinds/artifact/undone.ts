import type { ArtifactAsked } from '../../../domain/promotion/state.ts';
import type { Refusal } from '../../../domain/refusal.ts';
import type { Deps } from '../../deps.ts';
import type { Undone } from '../kind.ts';
import { undoneSince } from '../undone-since.ts';
import { slotOf } from './slot.ts';

/** What a rollback takes back: every promotion that made an environment's revisions after the one that is gone back to. */
export async function undoneBy(
  deps: Pick<Deps, 'heads' | 'promotions'>,
  tenant: string,
  request: ArtifactAsked,
  environment: string,
): Promise<Undone | Refusal | undefined> {
  const { rollback } = request;
  return rollback === undefined
    ? undefined
    : await undoneSince(deps, tenant, slotOf(request, environment), rollback);
}
