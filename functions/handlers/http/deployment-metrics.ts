import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { deploymentMetricsRoutes } from './deployment-metrics-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(deploymentMetricsRoutes, () => wireTable(readEnvironment()), openLog());
