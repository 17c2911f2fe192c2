import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { overviewRoutes } from './overview-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(overviewRoutes, () => wireTable(readEnvironment()), openLog());
