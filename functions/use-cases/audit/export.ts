import { CHANGES } from '../../domain/audit/change.ts';
import { headChain, promotionChain } from '../../domain/audit/checkpoint.ts';
import type { ExportItem } from '../../domain/audit/export-item.ts';
import { evidenceNamed } from '../../domain/audit/verify-history.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Head } from '../../domain/promotion/subject.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { evidenceByDigest } from '../evidence/named.ts';
import { revisionsOf } from './chains.ts';
import { asked, firstHeads, HEADS, PROMOTIONS } from './positions.ts';

export type ExportDeps = Pick<
  Deps,
  'promotions' | 'heads' | 'evidence' | 'changes' | 'catalog' | 'denials' | 'clock'
>;

/**
 * One page of everything that `verifyExport` recomputes: whole chains, first those of promotions, then those of heads, environment by
 * environment; after the events of a promotion the evidence that they name. The chain of changes comes last, entry by entry. The limit counts chains, and there entries. Verified against a checkpoint that was made before. Refuses `not_authorized`.
 */
export async function exportAudit(
  deps: ExportDeps,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<ExportItem> | Refusal> {
  const refusal = await authorize(deps, principal, 'read_audit');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const [part = PROMOTIONS, environment, after] = page.after?.split(' ') ?? [];
  if (part === PROMOTIONS) {
    const found = await deps.promotions.list(tenant, {}, asked(page.limit, environment));
    const items = await Promise.all(found.items.map((state) => eventsOf(deps, state)));
    const next = found.next === undefined ? await firstHeads(deps, tenant) : `${PROMOTIONS} ${found.next}`;
    return pageOf(items, next);
  }
  if (part === CHANGES)
    return await changesOf(deps, tenant, asked(Math.min(MOST_CHANGES, page.limit), environment));
  if (environment === undefined) return { items: [] };
  const found = await deps.heads.inEnvironment(tenant, environment, asked(page.limit, after));
  const heads = found.items.filter(({ revision }) => revision > 0);
  const items = await Promise.all(heads.map((head) => chainOf(deps, tenant, head)));
  const next =
    found.next === undefined
      ? await firstHeads(deps, tenant, environment)
      : `${HEADS} ${environment} ${found.next}`;
  return pageOf(items, next);
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

async function chainOf(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  head: Head,
): Promise<readonly ExportItem[]> {
  const revisions = await revisionsOf(deps, tenant, head);
  return revisions.map((revision) => ({ chain: headChain(head.slot), revision }));
}
