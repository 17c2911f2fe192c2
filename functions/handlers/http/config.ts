import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { configEntryRoutes } from './config-entry-routes.ts';
import { flagExplanationRoutes } from './flag-explanation-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  [...configEntryRoutes, ...flagExplanationRoutes],
  () => wireTable(readEnvironment()),
  openLog(),
);
