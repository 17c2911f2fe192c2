import type { Digest } from '../../domain/digest.ts';
import type { Evidence } from '../../domain/gates/evidence.ts';
import { evidenceDigest } from '../../domain/gates/judge-gate.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';

/**
 * The reports that the decisions of a promotion name, what providers said and what has given way to later reports included. `gates`: of
 * which they are, where that is known.
 */
export async function evidenceByDigest(
  deps: Pick<Deps, 'evidence'>,
  { tenant, id, subject }: PromotionRef & { readonly subject: Digest },
  digests: readonly Digest[],
  gates?: readonly string[],
): Promise<readonly Evidence[]> {
  if (digests.length === 0) return [];
  const missing = new Set(digests);
  const take = (reports: readonly Evidence[]) => reports.filter((one) => missing.delete(evidenceDigest(one)));
  const found = take(await deps.evidence.about(tenant, subject, gates));
  if (missing.size > 0) {
    found.push(...take((await deps.evidence.answers(tenant, id)).map(({ evidence }) => evidence)));
  }
  if (missing.size > 0) found.push(...take(await deps.evidence.retired(tenant, subject, [...missing])));
  return found;
}
