import type { Digest } from '../../domain/digest.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import { evidenceDigest } from '../../domain/gates/judge-gate.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { readable } from '../access/readable.ts';
import type { Deps } from '../deps.ts';

/** A report about what a promotion promotes, and the event that attached it, if one did. */
export type Attached = {
  readonly digest: Digest;
  readonly evidence: Evidence;
  readonly attached_seq: number | null;
};

/**
 * Every report about what a promotion promotes, providers' answers among them, but for what verified another promotion of the same
 * content: that is about another environment. Refuses `not_authorized`, `not_found`.
 */
export async function evidenceOfPromotion(
  deps: Pick<Deps, 'promotions' | 'denials' | 'clock' | 'evidence'>,
  principal: Principal,
  promotion: string,
): Promise<{ readonly items: readonly Attached[] } | Refusal> {
  const state = await readable(deps, principal, promotion);
  if (isRefusal(state)) return state;
  const { tenant, id } = state;
  const events = await deps.promotions.events(tenant, id);
  const attached = new Map(
    events.flatMap(({ seq, event }) =>
      (event.type === 'EvidenceAttached' || event.type === 'VerificationDecided') &&
      event.evidence !== undefined
        ? [[event.evidence, seq] as const]
        : [],
    ),
  );
  const items = (await reportsOf(deps, state)).map((evidence) => {
    const digest = evidenceDigest(evidence);
    return { digest, evidence, attached_seq: attached.get(digest) ?? null };
  });
  return { items };
}

/** The reports that whoever may read a promotion may read with it. */
export async function reportsOf(
  deps: Pick<Deps, 'evidence'>,
  { tenant, id, seal }: Pick<PromotionState, 'tenant' | 'id' | 'seal'>,
): Promise<readonly Evidence[]> {
  const [found, answers] = await Promise.all([
    deps.evidence.about(tenant, seal.manifest.source.digest),
    deps.evidence.answers(tenant, id),
  ]);
  const own = found.filter(({ promotion_id }) => promotion_id === undefined || promotion_id === id);
  return [...own, ...answers.map(({ evidence }) => evidence)];
}
