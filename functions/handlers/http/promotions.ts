import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireDriving } from '../wiring/wiring.ts';
import { artifactRollbackRoutes } from './artifact-rollback-routes.ts';
import { promotionReadRoutes } from './promotion-read-routes.ts';
import { promotionRoutes } from './promotion-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  [...promotionRoutes, ...promotionReadRoutes, ...artifactRollbackRoutes],
  () => wireDriving(readEnvironment()),
  openLog(),
);
