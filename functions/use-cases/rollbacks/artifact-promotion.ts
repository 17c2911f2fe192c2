import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorize } from '../access/authorize.ts';
import { readable } from '../access/readable.ts';
import { versionBefore } from '../kinds/artifact/back.ts';
import type { CreateDeps } from '../promotions/create.ts';
import { type RollBackArtifactInput, type RolledBackArtifact, rollBackArtifact } from './artifact.ts';

export type RollBackPromotionInput = Omit<RollBackArtifactInput, 'artifact' | 'environment' | 'version'> & {
  readonly id: string;
  /** `restore`: to what was active before it, whatever came since. `revert`: only while nothing came since. */
  readonly mode: 'restore' | 'revert';
};

/**
 * Requests that a completed promotion of an artifact is taken back: to the version that it replaced. Refuses `invalid_transition` on any
 * other promotion, on a rollback, and to revert what was replaced since; `nothing_to_promote` where it replaced nothing; and what
 * `rollBackArtifact` refuses.
 */
export async function rollBackArtifactPromotion(
  deps: CreateDeps,
  { id, mode, ...input }: RollBackPromotionInput,
): Promise<RolledBackArtifact | Refusal> {
  const { principal } = input;
  const original = await readable(deps, principal, id);
  if (isRefusal(original)) return original;
  const { subject, status, type, target_environment: environment } = original;
  const denied = await authorize(deps, principal, 'roll_back', environment);
  if (denied !== undefined) return denied;
  if (original.request.kind !== 'artifact' || status !== 'completed' || type === 'rollback') {
    const detail = `${id} is a ${status} ${type} of ${subject.kind}: only a completed promotion of an artifact is rolled back here`;
    return refuse('invalid_transition', detail, { status, kind: subject.kind });
  }
  const before = await versionBefore(deps, original, mode);
  if ('refused' in before) return before;
  return rollBackArtifact(deps, { ...input, artifact: subject.name, environment, version: before.label });
}
