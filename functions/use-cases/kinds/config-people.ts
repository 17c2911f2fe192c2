import type { SeparationOfDuties } from '../../domain/catalog/approval-policy.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import type { SeparationFacts } from '../../domain/promotion/commands.ts';
import { slotIn } from '../config/tree.ts';
import type { Asking, KindDeps } from './kind.ts';

const NOBODY = { authors: [], previous_promoters: [], evidence_producers: [] } satisfies SeparationFacts;

/** Revisions looked through; a source that was edited more often since it last equalled a promotion is unreadable, not harmless. */
const MOST = 100;

/**
 * Who edited what the source holds, and who promoted into it. Every editor of the source's last 100 revisions counts as an author: whose
 * edits are within the change set cannot be told from those that others have made of them since.
 */
export async function peopleBehind(
  deps: KindDeps,
  tenant: string,
  { source_environment }: Asking,
  asked: SeparationOfDuties,
): Promise<SeparationFacts> {
  if (!asked.author && !asked.previous_promoter) return NOBODY;
  const page = await deps.heads.revisions(tenant, slotIn(source_environment), { limit: MOST });
  if (page.next !== undefined) return 'unreadable';
  const authors: Actor[] = [];
  const previous: Actor[] = [];
  for (const { cause, actor } of page.items) {
    if (cause.by !== 'execute') authors.push({ ...actor, email: '' });
    else if (asked.previous_promoter) {
      const stored = await deps.promotions.read(tenant, cause.promotion_id);
      if (stored === undefined) return 'unreadable';
      previous.push(stored.state.requester, { ...actor, email: '' });
    }
  }
  return { ...NOBODY, authors, previous_promoters: previous };
}
