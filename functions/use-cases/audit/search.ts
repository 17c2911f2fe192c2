import { type Change, type ChangeFilter, isAsked } from '../../domain/audit/change.ts';
import { type AuditRecord, auditRecord } from '../../domain/audit/record.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { PromotionFilter } from '../../domain/promotion/filter.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Denial } from '../../ports/denials.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';

type AuditDeps = Pick<Deps, 'promotions' | 'catalog' | 'denials' | 'clock'>;

/** What is looked for; the environment, source or target, is a name or an alias. */
export type AuditSearch = Pick<
  PromotionFilter,
  'subject_name' | 'kind' | 'environment' | 'person' | 'requested_from' | 'requested_before'
>;

/** Audit records of a tenant's promotions, the newest request first. Refuses `not_authorized`, `unknown_environment`. */
export async function searchAudit(
  deps: AuditDeps,
  {
    principal,
    search,
    page,
  }: { readonly principal: Principal; readonly search: AuditSearch; readonly page: PageRequest },
): Promise<Page<AuditRecord> | Refusal> {
  const refusal = await authorize(deps, principal, 'read_audit');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const { environment: named, ...rest } = search;
  let filter: PromotionFilter = rest;
  if (named !== undefined) {
    const environment = findEnvironment(await deps.catalog.all(tenant, 'environment'), named);
    if (environment === undefined) {
      return refuse('unknown_environment', `there is no environment ${named}`, { field: 'environment' });
    }
    filter = { ...rest, environment: environment.name };
  }
  const { items, next } = await deps.promotions.list(tenant, filter, page);
  const records = items.map(auditRecord);
  return next === undefined ? { items: records } : { items: records, next };
}

/** Who was told no, newest first. Refuses `not_authorized`. */
export async function listDenials(
  deps: Pick<Deps, 'denials' | 'clock'>,
  { principal, page }: { readonly principal: Principal; readonly page: PageRequest },
): Promise<Page<Denial> | Refusal> {
  const refusal = await authorize(deps, principal, 'read_audit');
  return refusal ?? deps.denials.list(principal.tenant, page);
}

/** Reads that one page may take. */
const READS = 4;
/** Entries in one read: with the values before and after, each is at most twice as long as a body may be. */
const AT_ONCE = 20;

/**
 * The changes of what governs a tenant, newest first. A page may be short, even empty, while `next` says there is more: a page
 * has a budget of reads. Refuses `not_authorized`.
 */
export async function listChanges(
  deps: Pick<Deps, 'changes' | 'denials' | 'clock'>,
  {
    principal,
    filter,
    page,
  }: { readonly principal: Principal; readonly filter: ChangeFilter; readonly page: PageRequest },
): Promise<Page<Change> | Refusal> {
  const refusal = await authorize(deps, principal, 'read_audit');
  if (refusal !== undefined) return refusal;
  const found: Change[] = [];
  let after = page.after;
  for (let reads = 0; reads < READS; reads += 1) {
    const limit = Math.min(AT_ONCE, page.limit - found.length);
    const asked = after === undefined ? { limit } : { limit, after };
    const { items, next } = await deps.changes.list(principal.tenant, 'newest_first', asked);
    found.push(...items.filter((change) => isAsked(change, filter)));
    after = next;
    if (next === undefined || found.length === page.limit) break;
  }
  return after === undefined ? { items: found } : { items: found, next: after };
}
