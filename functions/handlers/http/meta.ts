import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { metaRoutes } from './meta-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(metaRoutes, () => wireTable(readEnvironment()), openLog());
