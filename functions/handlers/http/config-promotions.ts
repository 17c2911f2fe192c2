import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireDriving } from '../wiring/wiring.ts';
import { configPromotionReadRoutes } from './config-promotion-read-routes.ts';
import { configPromotionRoutes } from './config-promotion-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  [...configPromotionRoutes, ...configPromotionReadRoutes],
  () => wireDriving(readEnvironment()),
  openLog(),
);
