import { type SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { oneLine } from '../../domain/one-line.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { Sent } from '../../ports/sender.ts';

/** What SES will never take, whoever sends it again. */
const REFUSED: readonly string[] = ['MessageRejected', 'BadRequestException'];

/** Octets of the longest address (RFC 5321, with its erratum 1690). */
const LONGEST = 254;
const LOCAL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const LABEL = /^[A-Za-z0-9-]{1,63}$/;

/** Longer subjects are cut by whoever shows them. */
const SUBJECT = 200;

/**
 * SES version 2. `from` is an address whose identity the operator has verified there; while it is not, mails are tried again, and
 * none is lost.
 */
export function sesMailer({ client, from }: { readonly client: SESv2Client; readonly from: string }): Mailer {
  return {
    async send({ to, subject, text, html }) {
      if (!isAddress(to)) return { outcome: 'refused', reason: 'this is no address' };
      const command = new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: part(subjectLine(subject)),
            Body: { Text: part(text), Html: part(html) },
          },
        },
      });
      try {
        const { MessageId } = await client.send(command);
        return { outcome: 'delivered', ...(MessageId === undefined ? {} : { reference: MessageId }) };
      } catch (error) {
        return outcomeOf(error);
      }
    },
  };
}

const part = (Data: string) => ({ Data: Data.toWellFormed(), Charset: 'UTF-8' });

/**
 * Whether a text is one address as RFC 5321 has it without quoting, in ASCII: no display name, no list, nothing that ends a header. Linear
 * in its length: one address must not hold up the mail of others.
 */
function isAddress(text: string): boolean {
  if (text.length > LONGEST) return false;
  const at = text.lastIndexOf('@');
  const labels = text.slice(at + 1).split('.');
  return LOCAL.test(text.slice(0, Math.max(at, 0))) && labels.every(isLabel);
}

const isLabel = (text: string): boolean => LABEL.test(text) && !text.startsWith('-') && !text.endsWith('-');

const subjectLine = (subject: string): string => [...oneLine(subject).trim()].slice(0, SUBJECT).join('');

/** A sandbox or an identity that is not verified also answers `MessageRejected`, of the sender: that passes. */
function outcomeOf(error: unknown): Sent {
  const [name, message] = error instanceof Error ? [error.name, error.message] : ['unknown', ''];
  const reason = `SES answered ${name}`;
  const verified = !/not verified/i.test(message);
  return REFUSED.includes(name) && verified ? { outcome: 'refused', reason } : { outcome: 'retry', reason };
}
