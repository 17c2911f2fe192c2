import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { configFileRoutes } from './config-file-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(configFileRoutes, () => wireTable(readEnvironment()), openLog());
