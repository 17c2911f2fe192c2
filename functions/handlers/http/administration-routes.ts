import type { CallLimits } from '../../use-cases/catalog/callable.ts';
import type { TableDeps } from '../wiring/table.ts';
import { machineRoutes } from './machine-routes.ts';
import { meRoutes } from './me-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { pendingChangeRoutes } from './pending-change-routes.ts';
import type { Route } from './route.ts';
import { tenantRoutes } from './tenant-routes.ts';

/** The administration's operations, bound to their code. */
export const administrationRoutes: readonly Route<TableDeps & CallLimits>[] = [
  ...meRoutes,
  ...memberRoutes,
  ...machineRoutes,
  ...pendingChangeRoutes,
  ...tenantRoutes,
];
