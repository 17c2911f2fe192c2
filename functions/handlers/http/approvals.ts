import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireBearerStores } from '../wiring/bearer-stores.ts';
import { wireProvider } from '../wiring/provider.ts';
import { wireSite } from '../wiring/site.ts';
import { wireDriving } from '../wiring/wiring.ts';
import { approvalLinkRoutes } from './approval-link-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  approvalLinkRoutes,
  () => {
    const environment = readEnvironment();
    return {
      ...wireDriving(environment),
      ...wireBearerStores(environment),
      site: wireSite(),
      provider: wireProvider(environment),
    };
  },
  openLog(),
);
