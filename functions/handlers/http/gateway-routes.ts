import {
  createGateway as createGatewayEndpoint,
  deleteGateway as deleteGatewayEndpoint,
  getGateway,
  listGateways as listGatewaysEndpoint,
  updateGateway as updateGatewayEndpoint,
} from '../../contract/gateways.ts';
import type { Gateway } from '../../domain/catalog/gateway.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { CallLimits } from '../../use-cases/catalog/callable.ts';
import {
  createGateway,
  deleteGateway,
  listGateways,
  readGateway,
  updateGateway,
} from '../../use-cases/catalog/gateways.ts';
import type { TableDeps } from '../wiring/table.ts';
import { gatewayView } from './catalog-views.ts';
import { etag, ifMatch } from './etag.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

const shown = (tenant: string, gateway: Gateway): Answer =>
  ok(gatewayView(tenant, gateway), etag(gateway.version));

/** `/api/v1/gateways`. */
export const gatewayRoutes: readonly Route<TableDeps & CallLimits>[] = [
  route(createGatewayEndpoint, async ({ principal, body, keeping }, deps) => {
    const { id, environment, ...fields } = body;
    const answerOf = (gateway: Gateway) =>
      created(
        gatewayView(principal.tenant, gateway),
        `/api/v1/gateways/${gateway.id}`,
        etag(gateway.version),
      );
    const gateway = await createGateway(deps, {
      principal,
      ...(id === undefined ? {} : { id }),
      environment,
      fields,
      limits: deps,
      ...keeping(answerOf),
    });
    return isRefusal(gateway) ? gateway : answerOf(gateway);
  }),
  route(listGatewaysEndpoint, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const gateways = await listGateways(deps, { principal, page: asked });
    return isRefusal(gateways)
      ? gateways
      : paged(deps, gateways, (gateway) => gatewayView(principal.tenant, gateway));
  }),
  route(getGateway, async ({ principal, param }, deps) => {
    const gateway = await readGateway(deps, { principal, id: param('id') });
    return isRefusal(gateway) ? gateway : shown(principal.tenant, gateway);
  }),
  route(updateGatewayEndpoint, async ({ principal, param, body, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const gateway = await updateGateway(deps, {
      principal,
      id: param('id'),
      change: body,
      limits: deps,
      ifMatch: match.versions,
    });
    return isRefusal(gateway) ? gateway : shown(principal.tenant, gateway);
  }),
  route(deleteGatewayEndpoint, async ({ principal, param, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const gateway = await deleteGateway(deps, { principal, id: param('id'), ifMatch: match.versions });
    return isRefusal(gateway) ? gateway : noContent;
  }),
];
