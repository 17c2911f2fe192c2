import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { type TableDeps, wireTable } from '../wiring/table.ts';
import { machineRoutes } from './machine-routes.ts';
import { memberRoutes } from './member-routes.ts';
import type { Route } from './route.ts';
import { httpHandler } from './stack.ts';
import { tenantRoutes } from './tenant-routes.ts';

/** The administration's operations, bound to their code. */
export const administrationRoutes: readonly Route<TableDeps>[] = [
  ...memberRoutes,
  ...machineRoutes,
  ...tenantRoutes,
];

export const handler = httpHandler(administrationRoutes, () => wireTable(readEnvironment()), openLog());
