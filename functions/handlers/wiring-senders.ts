import { SESv2Client } from '@aws-sdk/client-sesv2';
import { sesMailer } from '../adapters/ses/mailer.ts';
import { slackSender } from '../adapters/slack/sender.ts';
import { webhookSender } from '../adapters/webhook/sender.ts';
import { emailSender } from '../use-cases/notifications/email-sender.ts';
import type { Senders } from '../use-cases/notifications/senders.ts';
import type { Environment } from './environment.ts';
import { wireSlack } from './wiring-slack.ts';
import type { TableDeps } from './wiring-table.ts';

/** The ways to receivers, for functions that may read secrets and send mail. Throws when the function was not told who sends mail. */
export function wireSenders(
  table: TableDeps,
  environment: Pick<Environment, 'allowLoopback' | 'mailFrom' | 'slackApiUrl'>,
): Senders {
  const { mailFrom } = environment;
  if (mailFrom === undefined) throw new Error('MAIL_FROM is not set');
  const slack = wireSlack(table, environment);
  const mailer = sesMailer({ client: new SESv2Client({}), from: mailFrom });
  return {
    email: emailSender({ ...table, mailer }),
    webhook: webhookSender({ ...slack, clock: table.clock }),
    slack: slackSender(slack),
  };
}
