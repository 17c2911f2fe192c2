import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorize } from '../access/authorize.ts';
import { readable } from '../access/readable.ts';
import type { CreateDeps } from '../promotions/create.ts';
import {
  pastOf,
  type RollBackArtifactInput,
  type RolledBackArtifact,
  rollBackArtifact,
} from './roll-back.ts';

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
  const past = await pastOf(deps, principal.tenant, { subject, environment });
  const at = past.findIndex(({ revision: { cause } }) => cause.by === 'execute' && cause.promotion_id === id);
  if (at > 0 && mode === 'revert') {
    return refuse('invalid_transition', `${id} was replaced since: restore what was before it instead`, {
      status,
    });
  }
  const before = at < 0 ? undefined : past[at + 1];
  if (before === undefined) {
    return refuse('nothing_to_promote', `nothing was active in ${environment} before ${id}`);
  }
  return rollBackArtifact(deps, { ...input, artifact: subject.name, environment, version: before.label });
}
