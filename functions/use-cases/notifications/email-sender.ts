import { digestOfBytes } from '../../domain/digest.ts';
import type { ChannelOf } from '../../domain/notification/channel.ts';
import { driftMail } from '../../domain/notification/drift-notice.ts';
import type { Notice } from '../../domain/notification/notice.ts';
import { type PlainMail, plainMail } from '../../domain/notification/plain-mail.ts';
import type { DeliveryRef } from '../../ports/deliveries.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { Sender, Sent } from '../../ports/sender.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps } from '../kinds/kind.ts';

export type EmailDeps = KindDeps &
  Pick<Deps, 'directory' | 'changes' | 'clock'> &
  Pick<NotificationStores, 'deliveries'> & {
    readonly mailer: Mailer;
    /** Writes the mail that asks one person to decide, with a link of their own; absent where no links are made. */
    readonly ask?: (notice: Notice, approver: Approver, show_values: boolean) => Promise<PlainMail>;
  };

/** A person who may decide. */
type Approver = { readonly subject: string; readonly email: string };
/** Who gets a mail; `subject` where it is a person known here. */
type Receiver = Pick<Approver, 'email'> & Partial<Approver>;

/**
 * Mails a notice to each receiver of a channel, one mail each. Who was mailed is remembered, so that trying again mails only the
 * others; an address that is refused stops nobody else's mail. A request for approval asks those who may still give it, and nobody
 * once the promotion has moved on.
 */
export function emailSender(deps: EmailDeps): Sender<ChannelOf<'email'>> {
  return {
    async send(channel, notice) {
      const ref = {
        tenant: notice.tenant,
        channel_id: channel.id,
        promotion_id: notice.promotion.id,
      };
      const people = await receiversOf(deps, channel, notice);
      const mailFor = (person: Receiver) => mailOf(deps, notice, person, channel.show_values ?? false);
      const { seq } = notice.event;
      return summary(await mailEach(deps, ref, { seq, passed: true, people, mailFor }));
    },

    async drift(channel, notice) {
      const { tenant, environment, id: promotion_id } = notice;
      const people = await receiversThere(deps, channel, tenant, environment);
      const ref = { tenant, channel_id: channel.id, promotion_id };
      const mailFor = async () => driftMail(notice);
      return summary(await mailEach(deps, ref, { seq: 1, passed: false, people, mailFor }));
    },
  };
}

type Mailing = {
  readonly seq: number;
  /** Whether the channel's cursor moves past the notice once all are mailed: the last mail then needs no note of its own. */
  readonly passed: boolean;
  readonly people: readonly Receiver[];
  readonly mailFor: (person: Receiver) => Promise<PlainMail>;
};

/** Mails each receiver who has not been mailed. */
async function mailEach(
  deps: EmailDeps,
  ref: DeliveryRef,
  { seq, passed, people, mailFor }: Mailing,
): Promise<readonly Sent[]> {
  const told = await deps.deliveries.deliveredTo(ref, seq);
  const results: Sent[] = [];
  for (const [nth, person] of people.entries()) {
    const to = person.email;
    const receiver = digestOfBytes(to);
    if (told.has(receiver)) continue;
    const sent = await deps.mailer.send({ to, ...(await mailFor(person)) });
    results.push(sent);
    const last = nth === people.length - 1 && results.every(({ outcome }) => outcome !== 'retry');
    if (sent.outcome !== 'retry' && !(passed && last))
      await deps.deliveries.markDelivered(ref, seq, receiver, deps.clock.now());
  }
  return results;
}

/** A mail that asks is for one person alone; every other tells all the same. */
async function mailOf(
  deps: EmailDeps,
  notice: Notice,
  { email, subject }: Receiver,
  show_values: boolean,
): Promise<PlainMail> {
  if (!notice.asks_approval || subject === undefined || deps.ask === undefined) return plainMail(notice);
  return deps.ask(notice, { email, subject }, show_values);
}

/** Receivers, each address once. */
async function receiversOf(
  deps: EmailDeps,
  channel: ChannelOf<'email'>,
  { tenant, promotion, environment, asks_approval }: Notice,
): Promise<readonly Receiver[]> {
  if (!asks_approval || channel.recipients !== 'approvers') {
    return receiversThere(deps, channel, tenant, environment);
  }
  const { stillAsked } = await import('./mail-approvers.ts');
  return eachOnce(await stillAsked(deps, promotion));
}

/** Who is told of what happens in an environment. */
async function receiversThere(
  deps: EmailDeps,
  { recipients }: ChannelOf<'email'>,
  tenant: string,
  environment: string,
): Promise<readonly Receiver[]> {
  if (recipients !== 'approvers') return [...new Set(recipients)].map((email) => ({ email }));
  const { approversThere } = await import('./mail-approvers.ts');
  return eachOnce(await approversThere(deps, tenant, environment));
}

function eachOnce(people: readonly Approver[]): readonly Receiver[] {
  const known = people.filter(({ email }) => email !== '');
  return [...new Map(known.map(({ email, subject }) => [email, { email, subject }])).values()];
}

/** One that is to be tried again tries all again; none that was taken and some refused is a refusal. */
function summary(results: readonly Sent[]): Sent {
  const again = results.find(({ outcome }) => outcome === 'retry');
  if (again !== undefined) return again;
  const refused = results.filter(({ outcome }) => outcome !== 'delivered');
  if (refused.length === results.length && refused.length > 0) {
    return { outcome: 'refused', reason: `none of ${refused.length} addresses was taken` };
  }
  const reference = `${results.length - refused.length} mails${refused.length === 0 ? '' : `, ${refused.length} refused`}`;
  return { outcome: 'delivered', reference };
}
