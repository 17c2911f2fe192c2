import { approvalPolicies as policyResource } from '../../contract/approval-policies.ts';
import { environments as environmentResource } from '../../contract/environments.ts';
import { gateways as gatewayResource } from '../../contract/gateways.ts';
import { machines as machineResource, members as memberResource } from '../../contract/members.ts';
import * as contract from '../../contract/pending-changes.ts';
import { registries as registryResource } from '../../contract/registries.ts';
import type { Resource } from '../../contract/resource.ts';
import { rules as ruleResource } from '../../contract/rules.ts';
import { artifactSettings as settingsNoun } from '../../domain/artifact/settings.ts';
import type { ChangeTarget } from '../../domain/audit/change-words.ts';
import type { PendingChange } from '../../domain/audit/pending-change.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { machines } from '../../use-cases/administration/machines.ts';
import { members } from '../../use-cases/administration/members.ts';
import { approvalPolicies } from '../../use-cases/catalog/approval-policies.ts';
import { artifactSettings } from '../../use-cases/catalog/artifact-settings.ts';
import type { Changing, Description, KeepingDeps, Kept } from '../../use-cases/catalog/description.ts';
import { environments } from '../../use-cases/catalog/environments.ts';
import { gateways } from '../../use-cases/catalog/gateways.ts';
import { changeItem, createItem, deleteItem } from '../../use-cases/catalog/keeping.ts';
import {
  confirmPending,
  discardPending,
  listPending,
  readPending,
} from '../../use-cases/catalog/pending-changes.ts';
import { registries } from '../../use-cases/catalog/registries.ts';
import { rules } from '../../use-cases/catalog/rules.ts';
import { parsed } from './issues.ts';
import { pendingChangeView } from './pending-change-view.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** Makes a change that was asked for, as it is confirmed. */
type Make = (deps: KeepingDeps, pending: PendingChange, changing: Changing) => Promise<object | Refusal>;

/** How the changes of each noun are made, or that none of them waits: nothing that it holds weakens, or one admin may weaken it alone. */
const MAKE: { readonly [T in ChangeTarget]: Make | 'never waits' } = {
  environment: making(environmentResource, environments),
  rule: making(ruleResource, rules),
  policy: making(policyResource, approvalPolicies),
  gateway: making(gatewayResource, gateways),
  member: making(memberResource, members),
  machine: making(machineResource, machines),
  artifact_settings: making({ said: settingsNoun.body }, artifactSettings),
  freeze: 'never waits',
  registry: making(registryResource, registries),
  consumer: 'never waits',
  artifact_version: 'never waits',
  flag_key: 'never waits',
  channel: 'never waits',
  tenant: 'never waits',
  pending_change: 'never waits',
};

/** `/api/v1/pending-changes`. */
export const pendingChangeRoutes: readonly Route<KeepingDeps>[] = [
  route(contract.listPendingChanges, async ({ principal, now, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const items = await listPending(deps, { principal, page: asked });
    if (isRefusal(items)) return items;
    return paged(deps, items, (pending) => pendingChangeView(principal.tenant, pending, now));
  }),
  route(contract.getPendingChange, async ({ principal, now, param }, deps) => {
    const pending = await readPending(deps, { principal, id: param('id') });
    return isRefusal(pending) ? pending : ok(pendingChangeView(principal.tenant, pending, now));
  }),
  route(contract.confirmPendingChange, async ({ principal, now, param }, deps) => {
    const pending = await confirmPending(deps, { principal, id: param('id') }, (found, changing) => {
      const make = MAKE[found.target.type];
      if (make === 'never waits') throw new Error(`no change of a ${found.target.type} waits`);
      return make(deps, found, changing);
    });
    if (isRefusal(pending)) return pending;
    return ok(pendingChangeView(principal.tenant, pending, now, 'confirmed'));
  }),
  route(contract.discardPendingChange, async ({ principal, now, param, body }, deps) => {
    const pending = await discardPending(deps, { principal, id: param('id'), ...body });
    if (isRefusal(pending)) return pending;
    return ok(pendingChangeView(principal.tenant, pending, now, 'discarded'));
  }),
];

function making<T extends Kept, B extends object>(
  resource: Pick<Resource<B>, 'said'>,
  description: Description<T, B>,
): Make {
  return async (deps, { action, target: { id }, fields, expected }, changing) => {
    const at = { ...changing, ref: { id }, ifMatch: [expected] };
    if (action === 'delete') return deleteItem(deps, description, at);
    const said = parsed(resource.said, fields);
    // What was asked for under another version of Sluice may not be said any more.
    if ('refused' in said) return refuse('conflict', 'the change cannot be read: discard it and ask again');
    if (action === 'create') return createItem(deps, description, { ...changing, id, fields: said.value });
    return changeItem(deps, description, { ...at, fieldsOf: () => said.value });
  };
}
