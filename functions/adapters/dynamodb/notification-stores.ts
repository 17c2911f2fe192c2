import type { NotificationStores } from '../../ports/stores.ts';
import { dynamoBackoffWindows } from './backoff-windows.ts';
import { dynamoDeliveries } from './deliveries.ts';
import { dynamoSlackMessages } from './slack-messages.ts';
import { dynamoSlackPeople } from './slack-people.ts';
import type { Table } from './table.ts';

/** The stores over one table that only notifications need: no other function loads them. */
export function dynamoNotificationStores(table: Table): NotificationStores {
  return {
    deliveries: dynamoDeliveries(table),
    backoff: dynamoBackoffWindows(table),
    slackPeople: dynamoSlackPeople(table),
    slackMessages: dynamoSlackMessages(table),
  };
}
