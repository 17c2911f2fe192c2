import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireDriving } from '../wiring.ts';
import { configRoutes } from './config-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(configRoutes, () => wireDriving(readEnvironment()), openLog());
