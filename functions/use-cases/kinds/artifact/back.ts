import type { ArtifactAsked } from '../../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import { goneBackTo, takenBackBy } from '../gone-back-to.ts';
import type { KindDeps, TakenBack, TakingBack } from '../kind.ts';
import { isSynced, type Past, pastOf } from './past.ts';
import { artifactAsked, slotOf } from './slot.ts';

/**
 * The request that takes an environment back to a version that it had, to the registries that the promotion went to. Refuses what
 * `goneBackTo` refuses.
 */
export async function backOf(
  deps: Pick<KindDeps, 'heads' | 'deployments'>,
  taken: TakenBack,
  asked: TakingBack,
): Promise<ArtifactAsked | Refusal> {
  const { tenant, request, target_environment } = taken;
  const { artifact } = artifactAsked(request);
  const past = await pastOf(deps, tenant, slotOf(request, target_environment));
  const found = goneBackTo(past, taken, asked);
  if ('refused' in found) return found;
  const sync_registries = asked.sync_registries ?? (await isSynced(deps, tenant, taken));
  const back = requestTo(found, { artifact, sync_registries, notes: asked.notes });
  if ('refused' in back) return back;
  return { ...back, rollback: { ...takenBackBy(past, taken, found.revision), ...back.rollback } };
}

/** The request that goes back to a version that an environment had. */
export function requestTo(
  { revision: { digest: to, number: revision }, version }: Past,
  asked: { readonly artifact: string; readonly sync_registries: boolean; readonly notes: string | undefined },
): (ArtifactAsked & Required<Pick<ArtifactAsked, 'rollback'>>) | Refusal {
  const { artifact, sync_registries, notes } = asked;
  if (to === null) return refuse('nothing_to_promote', `no version was active at revision ${revision}`);
  return {
    kind: 'artifact',
    artifact,
    version,
    sync_registries,
    ...(notes === undefined ? {} : { notes }),
    rollback: { to, revision },
  };
}
