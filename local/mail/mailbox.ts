import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import { AwsError, type RestService } from '../aws-endpoint.ts';

const part = z.looseObject({ Data: z.string() });
const sendSchema = z.looseObject({
  Destination: z.looseObject({ ToAddresses: z.array(z.string()).min(1) }),
  Content: z.looseObject({
    Simple: z.looseObject({
      Subject: part,
      Body: z.looseObject({ Text: part.optional(), Html: part.optional() }),
    }),
  }),
});

const messageSchema = z.object({
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  at: z.string(),
});

/** A mail that a function sent; it goes nowhere but into the mailbox. */
export type Mail = z.infer<typeof messageSchema>;

/** The mailbox of the local runtime. */
export class Mailbox {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Every mail, oldest first. */
  items(): readonly Mail[] {
    const rows = this.#database.prepare('SELECT message FROM mail ORDER BY id').all();
    return rows.map((row) => messageSchema.parse(JSON.parse(String(row['message']))));
  }

  /** `SendEmail` of SES v2 with simple content. */
  service(): RestService {
    return {
      name: 'ses',
      method: 'POST',
      path: '/v2/email/outbound-emails',
      operation: 'SendEmail',
      answer: (input) => {
        const parsed = sendSchema.safeParse(input);
        if (!parsed.success) throw new AwsError('BadRequestException', z.prettifyError(parsed.error));
        const { Destination, Content } = parsed.data;
        this.#keep({
          to: Destination.ToAddresses,
          subject: Content.Simple.Subject.Data,
          text: Content.Simple.Body.Text?.Data ?? '',
          html: Content.Simple.Body.Html?.Data ?? '',
          at: new Date().toISOString(),
        });
        return { MessageId: randomUUID() };
      },
    };
  }

  #keep(mail: Mail): void {
    this.#database.prepare('INSERT INTO mail (message) VALUES (?)').run(JSON.stringify(mail));
  }
}
