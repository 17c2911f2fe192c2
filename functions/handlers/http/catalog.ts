import { readEnvironment as readSettings } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { type TableDeps, wireTable } from '../wiring/table.ts';
import { administrationRoutes } from './administration-routes.ts';
import { approvalPolicyRoutes } from './approval-policy-routes.ts';
import { environmentRoutes } from './environment-routes.ts';
import { flagKeyRoutes } from './flag-key-routes.ts';
import { freezeRoutes } from './freeze-routes.ts';
import { gatewayRoutes } from './gateway-routes.ts';
import { registryRoutes } from './registry-routes.ts';
import type { Route } from './route.ts';
import { ruleRoutes } from './rule-routes.ts';
import { httpHandler } from './stack.ts';
import { whatIfRoutes } from './what-if-routes.ts';

/** Rules, approval policies, environments, freezes, gateways, registries and flag keys. `allowLoopback`: gateways and registries may be on loopback, over http. */
export type CatalogDeps = TableDeps & { readonly allowLoopback: boolean };

/** The catalog's operations, bound to their code. */
export const catalogRoutes: readonly Route<CatalogDeps>[] = [
  ...ruleRoutes,
  ...whatIfRoutes,
  ...approvalPolicyRoutes,
  ...environmentRoutes,
  ...flagKeyRoutes,
  ...freezeRoutes,
  ...gatewayRoutes,
  ...registryRoutes,
];

/** Behind it lies what no other function serves of the API. */
export const handler = httpHandler(
  [...catalogRoutes, ...administrationRoutes],
  () => {
    const settings = readSettings();
    return { ...wireTable(settings), allowLoopback: settings.allowLoopback };
  },
  openLog(),
);
