import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { configurationRoutes } from './configuration-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  configurationRoutes,
  () => {
    const environment = readEnvironment();
    return { ...wireTable(environment), allowLoopback: environment.allowLoopback };
  },
  openLog(),
);
