import type { Sent } from './sender.ts';

/** One mail to one person. Subject and texts are plain; what would break a header is not in them when it is sent. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** Hands mails over for delivery. `refused`: this address or this mail is not taken, ever. Never throws for what the service says. */
export interface Mailer {
  send(mail: Mail): Promise<Sent>;
}
