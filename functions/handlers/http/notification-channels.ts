import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireNotifications } from '../wiring/notifications.ts';
import { notificationChannelRoutes } from './notification-channel-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  notificationChannelRoutes,
  () => {
    const environment = readEnvironment();
    return { ...wireNotifications(environment), allowLoopback: environment.allowLoopback };
  },
  openLog(),
);
