import { SYSTEM } from '../../domain/identity/principal.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { type Change, step } from './run-command.ts';

/**
 * Decides the verification of a completed promotion on the reports that there are, or on the end of its time. `undefined`: nothing decides it
 * yet, or it is decided. Idempotent: of two that race one commits, and the other finds it decided.
 */
export async function verified(
  deps: Pick<Deps, 'evidence'>,
  state: PromotionState,
  now: string,
): Promise<Change | Refusal | undefined> {
  if (state.status !== 'completed' || state.verification?.status !== 'pending') return undefined;
  const { tenant, seal, verification } = state;
  const evidence = await deps.evidence.about(tenant, seal.manifest.source.digest, [verification.gate.name]);
  return step(state, { type: 'verify', evidence }, { now, actor: SYSTEM });
}
