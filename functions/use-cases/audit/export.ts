import { CHANGES } from '../../domain/audit/change.ts';
import type { ExportItem } from '../../domain/audit/export-item.ts';
import { evidenceNamed } from '../../domain/audit/verify-history.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { promotionChain } from '../../domain/promotion/evolve.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { evidenceByDigest } from '../evidence/named.ts';
import { CHAIN, headsFrom, restOf } from './export-heads.ts';
import { asked, everyEnvironment, firstHeads, PROMOTIONS, wordsOf } from './positions.ts';

export type ExportDeps = Pick<
  Deps,
  'promotions' | 'heads' | 'evidence' | 'changes' | 'catalog' | 'denials' | 'clock'
>;

/** Promotions on a page: each has some ten events of 3 KB, and an answer may have 6 MB. */
const MOST_PROMOTIONS = 20;
/** Revisions on a page, each of up to 4 KB: a chain that has more goes on on the next page. */
const MOST_REVISIONS = 500;

/**
 * One page of everything that `verifyExport` recomputes: chains, first those of promotions, then those of heads, environment by
 * environment; after the events of a promotion the evidence that they name. The chain of changes comes last, entry by entry. The limit
 * counts chains, and there entries; a chain of more than `revisions` goes on on the next page. A scan that was broken off goes on at any
 * `next`. Verified against a checkpoint that was made before. Refuses `not_authorized`, and `invalid_request` for a position that is none.
 */
export async function exportAudit(
  deps: ExportDeps,
  asking: { readonly principal: Principal; readonly page: PageRequest; readonly revisions?: number },
): Promise<Page<ExportItem> | Refusal> {
  const { principal, page, revisions = MOST_REVISIONS } = asking;
  const refusal = await authorize(deps, principal, 'read_audit');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  if (page.after?.startsWith(`${CHAIN} `)) return restOf(deps, tenant, page.after, revisions);
  const words = wordsOf(page.after ?? PROMOTIONS);
  if ('refused' in words) return words;
  const [part, environment, after] = words;
  if (part === PROMOTIONS) {
    const limit = Math.min(page.limit, MOST_PROMOTIONS);
    const found = await deps.promotions.list(tenant, {}, asked(limit, environment));
    const items = await Promise.all(found.items.map((state) => eventsOf(deps, state)));
    const next =
      found.next === undefined
        ? await firstHeads(everyEnvironment(deps, tenant))
        : `${PROMOTIONS} ${found.next}`;
    return pageOf(items, next);
  }
  if (part === CHANGES)
    return await changesOf(deps, tenant, asked(Math.min(MOST_CHANGES, page.limit), environment));
  if (environment === undefined) return { items: [] };
  return headsFrom(deps, { tenant, environment, page: asked(page.limit, after), revisions });
}

/** Changes on a page: with the values before and after, each is at most twice as long as a body may be. */
const MOST_CHANGES = 25;

async function changesOf(
  deps: Pick<Deps, 'changes'>,
  tenant: string,
  page: PageRequest,
): Promise<Page<ExportItem>> {
  const { items, next } = await deps.changes.list(tenant, 'oldest_first', page);
  const entries = items.map((change) => ({ chain: CHANGES, change }));
  return next === undefined ? { items: entries } : { items: entries, next: `${CHANGES} ${next}` };
}

function pageOf(items: readonly (readonly ExportItem[])[], next: string): Page<ExportItem> {
  return { items: items.flat(), next };
}

async function eventsOf(
  deps: Pick<Deps, 'promotions' | 'evidence'>,
  { tenant, id, seal }: PromotionState,
): Promise<readonly ExportItem[]> {
  const events = await deps.promotions.events(tenant, id);
  const entries = events.map((event) => ({ chain: promotionChain(id), event }));
  const named = [...new Set(evidenceNamed(events))];
  const evidence = await evidenceByDigest(deps, { tenant, id, subject: seal.manifest.source.digest }, named);
  return [...entries, ...evidence.map((report) => ({ evidence: report }))];
}
