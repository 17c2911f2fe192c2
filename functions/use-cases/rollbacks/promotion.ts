import type { InStatus, PromotionRequest } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorize } from '../access/authorize.ts';
import { readable } from '../access/readable.ts';
import { versionBefore } from '../kinds/artifact/back.ts';
import type { CreateDeps } from '../promotions/create.ts';
import { rollBackAgent } from './agent.ts';
import { type RollBackPromotionInput, type RolledBackArtifact, rollBackArtifact } from './artifact.ts';

type TakeBack = (
  deps: CreateDeps,
  original: InStatus<'completed'>,
  input: RollBackPromotionInput,
) => Promise<RolledBackArtifact | Refusal>;

/** How promotions of a kind are taken back here; those of configuration have an answer of their own at `/config/promotions`. */
const TAKE_BACK: { readonly [kind in PromotionRequest['kind']]: TakeBack | undefined } = {
  agent: rollBackAgent,
  artifact: async (deps, original, { mode, ...input }) => {
    const before = await versionBefore(deps, original, mode);
    if ('refused' in before) return before;
    const { subject, target_environment: environment } = original;
    return rollBackArtifact(deps, { ...input, artifact: subject.name, environment, version: before.label });
  },
  config: undefined,
};

/**
 * Requests that a completed promotion of an artifact or an agent is taken back: to what it replaced. Refuses `invalid_transition` on any
 * other promotion, on a rollback, and to revert what was replaced since; `nothing_to_promote` where it replaced nothing; and what the
 * rollback of its kind refuses.
 */
export async function rollBackPromotion(
  deps: CreateDeps,
  input: RollBackPromotionInput,
): Promise<RolledBackArtifact | Refusal> {
  const { principal, id } = input;
  const original = await readable(deps, principal, id);
  if (isRefusal(original)) return original;
  const { subject, status, type, request } = original;
  const denied = await authorize(deps, principal, 'roll_back', original.target_environment);
  if (denied !== undefined) return denied;
  const takeBack = TAKE_BACK[request.kind];
  if (takeBack === undefined || original.status !== 'completed' || type === 'rollback') {
    const detail = `${id} is a ${status} ${type} of ${subject.kind}: only a completed promotion of an artifact or an agent is rolled back here`;
    return refuse('invalid_transition', detail, { status, kind: subject.kind });
  }
  return takeBack(deps, original, input);
}
