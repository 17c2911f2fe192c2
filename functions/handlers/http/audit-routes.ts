import * as contract from '../../contract/audit.ts';
import { auditEntry } from '../../domain/audit/record.ts';
import { toInstant } from '../../domain/instant.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Signer } from '../../ports/signer.ts';
import { makeCheckpoint } from '../../use-cases/audit/checkpoint.ts';
import { exportAudit } from '../../use-cases/audit/export.ts';
import { listChanges, listDenials, searchAudit } from '../../use-cases/audit/search.ts';
import type { TableDeps } from '../wiring/table.ts';
import { auditCsv, changeView } from './audit-views.ts';
import { actorView } from './promotion-views.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** The table, and the key that signs checkpoints. */
export type AuditDeps = TableDeps & { readonly signer: Signer };

/** `/api/v1/audit`. */
export const auditRoutes: readonly Route<AuditDeps>[] = [
  route(contract.searchAudit, async ({ principal, query, page, paged }, deps) => {
    const { kind, subject, environment, person, from, before, format } = query;
    const filter = { kind, subject, environment, person, from, before };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const search = {
      ...(kind === undefined ? {} : { kind }),
      ...(subject === undefined ? {} : { subject_name: subject }),
      ...(environment === undefined ? {} : { environment }),
      ...(person === undefined ? {} : { person }),
      ...(from === undefined ? {} : { requested_from: toInstant(from) ?? from }),
      ...(before === undefined ? {} : { requested_before: toInstant(before) ?? before }),
    };
    const found = await searchAudit(deps, { principal, search, page: asked });
    if (isRefusal(found)) return found;
    const { body, next_cursor } = await paged(deps, found, auditEntry, filter);
    if (format !== 'csv') return { status: 200, body };
    return {
      status: 200,
      text: auditCsv(found.items.map(auditEntry)),
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        ...(next_cursor === null ? {} : { 'x-next-cursor': next_cursor }),
      },
    };
  }),
  route(contract.listDenials, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const denials = await listDenials(deps, { principal, page: asked });
    if (isRefusal(denials)) return denials;
    return paged(deps, denials, ({ at, actor, code, action, promotion_id }) => ({
      at,
      actor: actorView(actor),
      code,
      action,
      promotion_id: promotion_id ?? null,
    }));
  }),
  route(contract.listChanges, async ({ principal, query, page, paged }, deps) => {
    const { limit: _, cursor: __, from, before, ...rest } = query;
    const asked = await page(deps, { ...rest, from, before });
    if ('refused' in asked) return asked;
    const filter = {
      ...rest,
      ...(from === undefined ? {} : { from: toInstant(from) ?? from }),
      ...(before === undefined ? {} : { before: toInstant(before) ?? before }),
    };
    const changes = await listChanges(deps, { principal, filter, page: asked });
    return isRefusal(changes) ? changes : paged(deps, changes, changeView, { ...rest, from, before });
  }),
  route(contract.getCheckpoint, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const from = asked.after === undefined ? {} : { after: asked.after };
    const made = await makeCheckpoint(deps, principal, from);
    if (isRefusal(made)) return made;
    const { signed, public_key, next } = made;
    const { next_cursor } = await paged(deps, { items: [], ...(next === undefined ? {} : { next }) }, String);
    return ok({ ...signed, public_key, next_cursor });
  }),
  route(contract.exportAudit, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const items = await exportAudit(deps, { principal, page: asked });
    return isRefusal(items) ? items : paged(deps, items, (item) => item);
  }),
];
