import type { ArtifactAsked, InStatus, PromotionState } from '../../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import { isSynced, type Past, pastOf } from '../../artifacts/past.ts';
import type { KindDeps, TakingBack } from '../kind.ts';
import { artifactAsked } from './slot.ts';

/** The version that a promotion replaced. Refuses to revert what was replaced since, and `nothing_to_promote` where it replaced nothing. */
export async function versionBefore(
  deps: Pick<KindDeps, 'heads' | 'deployments'>,
  { id, tenant, status, subject, target_environment: environment }: PromotionState,
  mode: TakingBack['mode'],
): Promise<Past | Refusal> {
  const past = await pastOf(deps, tenant, { subject, environment });
  const at = past.findIndex(({ revision: { cause } }) => cause.by === 'execute' && cause.promotion_id === id);
  if (at > 0 && mode === 'revert') {
    return refuse('invalid_transition', `${id} was replaced since: restore what was before it instead`, {
      status,
    });
  }
  const before = at < 0 ? undefined : past[at + 1];
  return before ?? refuse('nothing_to_promote', `nothing was active in ${environment} before ${id}`);
}

/** The request that takes a completed promotion of an artifact back, to the registries that it went to. */
export async function backOf(
  deps: Pick<KindDeps, 'heads' | 'deployments'>,
  state: InStatus<'completed'>,
  { mode, notes }: TakingBack,
): Promise<ArtifactAsked | Refusal> {
  const before = await versionBefore(deps, state, mode);
  if ('refused' in before) return before;
  const { digest: to, number: revision } = before.revision;
  if (to === null) return refuse('nothing_to_promote', `nothing was active there before ${state.id}`);
  const { artifact } = artifactAsked(state.request);
  return {
    kind: 'artifact',
    artifact,
    version: before.version,
    sync_registries: await isSynced(deps, state.tenant, state),
    ...(notes === undefined ? {} : { notes }),
    rollback: { to, revision },
  };
}
