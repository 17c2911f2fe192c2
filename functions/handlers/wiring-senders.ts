import { SESv2Client } from '@aws-sdk/client-sesv2';
import { httpsEgress } from '../adapters/egress/https.ts';
import { secretsManager } from '../adapters/secrets/secrets-manager.ts';
import { sesMailer } from '../adapters/ses/mailer.ts';
import { webhookSender } from '../adapters/webhook/sender.ts';
import { emailSender } from '../use-cases/notifications/email-sender.ts';
import type { Senders } from '../use-cases/notifications/senders.ts';
import type { Environment } from './environment.ts';
import type { TableDeps } from './wiring-table.ts';

/** The ways to receivers, for functions that may read secrets and send mail. Throws when the function was not told who sends mail. */
export function wireSenders(
  table: TableDeps,
  { allowLoopback, mailFrom }: Pick<Environment, 'allowLoopback' | 'mailFrom'>,
): Senders {
  if (mailFrom === undefined) throw new Error('MAIL_FROM is not set');
  const secrets = secretsManager();
  const mailer = sesMailer({ client: new SESv2Client({}), from: mailFrom });
  return {
    email: emailSender({ ...table, mailer }),
    webhook: webhookSender({ egress: httpsEgress({ allowLoopback }), secrets, clock: table.clock }),
  };
}
