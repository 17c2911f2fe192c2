import { unguessable } from '../../adapters/unguessable.ts';
import * as contract from '../../contract/flag-keys.ts';
import { type FlagKey, flagKey, keyText, secretDigest } from '../../domain/flags/flag-key.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { isWaiting, type KeepingDeps } from '../../use-cases/catalog/description.ts';
import { flagKeys } from '../../use-cases/catalog/flag-keys.ts';
import { createItem, deleteItem, listItems, readItem } from '../../use-cases/catalog/keeping.ts';
import type { Deps } from '../../use-cases/deps.ts';
import { created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

type FlagKeyDeps = KeepingDeps & Pick<Deps, 'flagKeyUses'>;

/** `/api/v1/flag-keys`. */
export const flagKeyRoutes: readonly Route<FlagKeyDeps>[] = [
  route(contract.createFlagKey, async ({ principal, body, dry_run }, deps) => {
    const { reason, ...said } = body;
    const secret = unguessable();
    const fields = { ...said, id: deps.ids.next('key'), secret_digest: secretDigest(secret) };
    const why = reason === undefined ? {} : { reason };
    const outcome = await createItem(deps, flagKeys, { principal, fields, ...why });
    if (isRefusal(outcome)) return outcome;
    if (isWaiting(outcome)) throw new Error('a flag key governs no promotion');
    const { id, environment } = outcome;
    const shown = view(principal.tenant, outcome, undefined);
    if (dry_run) return ok({ ...shown, key: '' });
    const key = keyText({ tenant: principal.tenant, environment, id, secret });
    return created({ ...shown, key }, `/api/v1/flag-keys/${id}`);
  }),
  route(contract.listFlagKeys, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const found = await listItems(deps, flagKeys, { principal, page: asked });
    if (isRefusal(found)) return found;
    const uses = await deps.flagKeyUses.all(principal.tenant);
    return paged(deps, found, (key) => view(principal.tenant, key, uses.get(key.id)));
  }),
  route(contract.getFlagKey, async ({ principal, param }, deps) => {
    const key = await readItem(deps, flagKeys, { principal, ref: { id: param('id') } });
    if (isRefusal(key)) return key;
    const uses = await deps.flagKeyUses.all(principal.tenant);
    return ok(view(principal.tenant, key, uses.get(key.id)));
  }),
  route(contract.deleteFlagKey, async ({ principal, param, query }, deps) => {
    const gone = await deleteItem(deps, flagKeys, {
      principal,
      ref: { id: param('id') },
      ifMatch: undefined,
      ...query,
    });
    return isRefusal(gone) ? gone : noContent;
  }),
];

function view(tenant: string, key: FlagKey, used: string | undefined): contract.FlagKeyView {
  const { updated_at: _, version: __, ...shown } = flagKey.show(tenant, key, { last_used_at: used ?? null });
  return shown;
}
