import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireSenders } from '../wiring-senders.ts';
import { wireTable } from '../wiring-table.ts';
import { notificationChannelRoutes } from './notification-channel-routes.ts';
import { httpHandler } from './stack.ts';

export const handler = httpHandler(
  notificationChannelRoutes,
  () => {
    const environment = readEnvironment();
    const table = wireTable(environment);
    const { allowLoopback } = environment;
    return { ...table, allowLoopback, senders: wireSenders(table, environment) };
  },
  openLog(),
);
