import { SESv2Client } from '@aws-sdk/client-sesv2';
import { dynamoNotificationStores } from '../../adapters/dynamodb/notification-stores.ts';
import { inTime } from '../../adapters/in-time.ts';
import { sesMailer } from '../../adapters/ses/mailer.ts';
import { slackSender } from '../../adapters/slack/sender.ts';
import { webhookSender } from '../../adapters/webhook/sender.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import { type EmailDeps, emailSender } from '../../use-cases/notifications/email-sender.ts';
import type { Senders } from '../../use-cases/notifications/senders.ts';
import type { Environment } from '../environment.ts';
import { openWatchedTable } from './open-table.ts';
import { wireSlack } from './slack.ts';
import { type TableDeps, wireOpenTable } from './table.ts';

/** The table with what notifications keep in it. */
export type NotificationTable = TableDeps & NotificationStores;

/** What functions need that tell channels of promotions. */
export type NotificationDeps = NotificationTable & { readonly senders: Senders };

/** The real table, the part that only notifications use included. */
export function wireNotificationTable({ tableName }: Pick<Environment, 'tableName'>): NotificationTable {
  const table = openWatchedTable(tableName);
  return { ...wireOpenTable(table), ...dynamoNotificationStores(table) };
}

/**
 * That and the ways to receivers, for functions that may read secrets and send mail. `ask` writes the mails with links, for those that
 * may make them. Throws when the function was not told who sends mail.
 */
export function wireNotifications(environment: Environment, ask?: EmailDeps['ask']): NotificationDeps {
  const { mailFrom } = environment;
  if (mailFrom === undefined) throw new Error('MAIL_FROM is not set');
  const stores = wireNotificationTable(environment);
  const slack = wireSlack(stores, environment);
  const mailer = sesMailer({ client: inTime(new SESv2Client({})), from: mailFrom });
  const senders = {
    email: emailSender({ ...stores, mailer, ...(ask === undefined ? {} : { ask }) }),
    webhook: webhookSender({ ...slack, clock: stores.clock }),
    slack: slackSender(slack),
  };
  return { ...stores, senders };
}
