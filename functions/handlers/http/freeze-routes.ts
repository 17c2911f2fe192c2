import * as contract from '../../contract/freezes.ts';
import type { Freeze } from '../../domain/freeze/freeze.ts';
import { isRefusal } from '../../domain/refusal.ts';
import {
  createFreeze,
  deleteFreeze,
  listFreezes,
  readFreeze,
  updateFreeze,
} from '../../use-cases/freezes/freezes.ts';
import type { TableDeps } from '../wiring/table.ts';
import { etag, ifMatch } from './etag.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

const shown = (tenant: string, freeze: Freeze): Answer => ok(view(tenant, freeze), etag(freeze.version));

/** `/api/v1/environments/{scope}/freezes`. */
export const freezeRoutes: readonly Route<TableDeps>[] = [
  route(contract.createFreeze, async ({ principal, param, body, keeping }, deps) => {
    const answerOf = (freeze: Freeze) =>
      created(
        view(principal.tenant, freeze),
        `/api/v1/environments/${freeze.environment}/freezes/${freeze.id}`,
        etag(freeze.version),
      );
    const asked = { principal, scope: param('scope'), freeze: body };
    const freeze = await createFreeze(deps, { ...asked, ...keeping(answerOf) });
    return isRefusal(freeze) ? freeze : answerOf(freeze);
  }),
  route(contract.listFreezes, async ({ principal, param, query }, deps) => {
    const listed = await listFreezes(deps, { principal, scope: param('scope'), ...query });
    if (isRefusal(listed)) return listed;
    const { freezes, at, judged } = listed;
    return ok({
      items: freezes.map((freeze) => view(principal.tenant, freeze)),
      at,
      frozen: judged.frozen,
      reason: judged.reason ?? null,
      next_open: judged.next_open ?? null,
      next_close: judged.next_close ?? null,
    });
  }),
  route(contract.getFreeze, async ({ principal, param }, deps) => {
    const freeze = await readFreeze(deps, { principal, scope: param('scope'), id: param('id') });
    return isRefusal(freeze) ? freeze : shown(principal.tenant, freeze);
  }),
  route(contract.updateFreeze, async ({ principal, param, body, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const asked = { principal, scope: param('scope'), id: param('id') };
    const freeze = await updateFreeze(deps, { ...asked, change: body, ifMatch: match.versions });
    return isRefusal(freeze) ? freeze : shown(principal.tenant, freeze);
  }),
  route(contract.deleteFreeze, async ({ principal, param, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const asked = { principal, scope: param('scope'), id: param('id') };
    const freeze = await deleteFreeze(deps, { ...asked, ifMatch: match.versions });
    return isRefusal(freeze) ? freeze : noContent;
  }),
];

function view(tenant: string, freeze: Freeze): contract.FreezeView {
  const { rrule, timezone } = freeze;
  const { id, environment, reason, starts_at, ends_at, mode, on_due } = freeze;
  const { created_by, created_at, updated_at, version } = freeze;
  return {
    ...{ id, organization_id: tenant, environment, reason, starts_at, ends_at },
    rrule: rrule ?? null,
    timezone: timezone ?? null,
    ...{ mode, on_due, created_by, created_at, updated_at, version },
  };
}
