import { slackApp } from '../../adapters/slack/app.ts';
import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireNotificationTable } from '../wiring/notifications.ts';
import { wireQueue } from '../wiring/queue.ts';
import { wireSlack } from '../wiring/slack.ts';
import { slackRoutes } from './slack-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  slackRoutes,
  () => {
    const environment = readEnvironment();
    const table = wireNotificationTable(environment);
    const slack = wireSlack(table, environment);
    return {
      ...table,
      secrets: slack.secrets,
      slack: slackApp(slack),
      slackActions: wireQueue('slack-actions'),
    };
  },
  openLog(),
);
