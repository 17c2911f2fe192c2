import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireDoors, wireSite } from '../wiring-site.ts';
import { wireTable } from '../wiring-table.ts';
import { slackLinkRoutes } from './slack-link-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  slackLinkRoutes,
  () => {
    const environment = readEnvironment();
    return { ...wireTable(environment), ...wireDoors(environment), site: wireSite() };
  },
  openLog(),
);
