import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireDriving } from '../wiring/wiring.ts';
import { deploymentMetricsRoutes } from './deployment-metrics-routes.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  [...deploymentRoutes, ...deploymentMetricsRoutes],
  () => wireDriving(readEnvironment()),
  openLog(),
);
