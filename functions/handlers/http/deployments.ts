import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wire } from '../wiring.ts';
import { deploymentRoutes } from './deployment-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(deploymentRoutes, () => wire(readEnvironment()), openLog());
