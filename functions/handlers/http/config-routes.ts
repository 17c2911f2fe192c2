import type { DrivingDeps } from '../wiring/wiring.ts';
import { configEntryRoutes } from './config-entry-routes.ts';
import { configFileRoutes } from './config-file-routes.ts';
import { configPromotionReadRoutes } from './config-promotion-read-routes.ts';
import { configPromotionRoutes } from './config-promotion-routes.ts';
import { flagExplanationRoutes } from './flag-explanation-routes.ts';
import { ofrepRoutes } from './ofrep-routes.ts';
import type { Route } from './route.ts';

/** `/api/v1/config` and `/ofrep/v1`, whichever functions serve it. */
export const configRoutes: readonly Route<DrivingDeps>[] = [
  ...configEntryRoutes,
  ...flagExplanationRoutes,
  ...ofrepRoutes,
  ...configFileRoutes,
  ...configPromotionRoutes,
  ...configPromotionReadRoutes,
];
