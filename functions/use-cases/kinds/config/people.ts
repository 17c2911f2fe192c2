import type { SeparationOfDuties } from '../../../domain/catalog/approval-policy.ts';
import type { Actor } from '../../../domain/identity/principal.ts';
import type { SeparationFacts } from '../../../domain/promotion/commands.ts';
import type { Revision } from '../../../domain/promotion/subject.ts';
import { slotIn } from '../../config/tree.ts';
import type { Deps } from '../../deps.ts';
import type { Asking, KindDeps } from '../kind.ts';

const NOBODY = { authors: [], previous_promoters: [], evidence_producers: [] } satisfies SeparationFacts;

/** Revisions looked through; a source that was edited more often since it was what the target is is unreadable, not harmless. */
const MOST = 1_000;
const PAGE = 100;

/**
 * Who edited what the source holds, who promoted into it, and who brought evidence about it. Every editor of the source since it was what
 * the target is counts as an author: whose edits are within the change set cannot be told from those that others have made of them since.
 */
export async function peopleBehind(
  deps: KindDeps,
  tenant: string,
  asking: Asking,
  asked: SeparationOfDuties,
): Promise<SeparationFacts> {
  const [reports, behind] = await Promise.all([
    asked.evidence_producer ? deps.evidence.about(tenant, asking.seal.manifest.source.digest) : [],
    asked.author || asked.previous_promoter ? editors(deps, tenant, asking, asked) : NOBODY,
  ]);
  if (behind === 'unreadable') return 'unreadable';
  return { ...behind, evidence_producers: reports.map(({ producer }) => producer) };
}

async function editors(
  deps: KindDeps,
  tenant: string,
  asking: Asking,
  asked: SeparationOfDuties,
): Promise<SeparationFacts> {
  const revisions = await promoted(deps, tenant, asking);
  if (revisions === undefined) return 'unreadable';
  const authors: Actor[] = [];
  const previous: Actor[] = [];
  for (const { cause, actor } of revisions) {
    const known: Actor = { ...actor, email: actor.email ?? '' };
    if (cause.by !== 'execute') authors.push(known);
    else if (asked.previous_promoter) {
      const stored = await deps.promotions.read(tenant, cause.promotion_id);
      if (stored === undefined) return 'unreadable';
      previous.push(stored.state.requester, known);
    }
  }
  return { ...NOBODY, authors, previous_promoters: previous };
}

/** The source's revisions since it was what the target was planned on, newest first; `undefined` when there are too many to tell. */
async function promoted(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  { source_environment, seal: { plan, manifest } }: Asking,
): Promise<readonly Revision[] | undefined> {
  // What goes back within one environment was the target's own once: all of its history may be behind it.
  const base = manifest.target.environment === source_environment ? null : plan.base.digest;
  const revisions: Revision[] = [];
  let after: string | undefined;
  do {
    const limit = { limit: PAGE, ...(after === undefined ? {} : { after }) };
    const page = await deps.heads.revisions(tenant, slotIn(source_environment), limit);
    for (const revision of page.items) {
      if (base !== null && revision.digest === base) return revisions;
      revisions.push(revision);
    }
    after = page.next;
  } while (after !== undefined && revisions.length < MOST);
  return after === undefined ? revisions : undefined;
}
