import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireBearerStores } from '../wiring/bearer-stores.ts';
import { wireNotificationTable } from '../wiring/notifications.ts';
import { wireSite } from '../wiring/site.ts';
import { slackLinkRoutes } from './slack-link-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  slackLinkRoutes,
  () => {
    const environment = readEnvironment();
    return { ...wireNotificationTable(environment), ...wireBearerStores(environment), site: wireSite() };
  },
  openLog(),
);
