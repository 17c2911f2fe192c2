import type { DrivingDeps } from '../wiring.ts';
import { configEntryRoutes } from './config-entry-routes.ts';
import type { Route } from './route.ts';

/** `/api/v1/config`. */
export const configRoutes: readonly Route<DrivingDeps>[] = [...configEntryRoutes];
