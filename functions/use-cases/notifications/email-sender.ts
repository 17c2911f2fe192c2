import { digestOfBytes } from '../../domain/digest.ts';
import type { ChannelOf } from '../../domain/notification/channel.ts';
import { type Notice, waitsForApproval } from '../../domain/notification/notice.ts';
import { plainMail } from '../../domain/notification/plain-mail.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Mailer } from '../../ports/mailer.ts';
import type { Sender, Sent } from '../../ports/sender.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { readApprovals } from '../promotions/approvals.ts';

export type EmailDeps = KindDeps &
  Pick<Deps, 'directory' | 'clock'> &
  Pick<NotificationStores, 'deliveries'> & { readonly mailer: Mailer };

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
      const { seq } = notice.event;
      const told = await deps.deliveries.told(ref, seq);
      const results: Sent[] = [];
      for (const to of await receiversOf(deps, channel, notice)) {
        const receiver = digestOfBytes(to);
        if (told.has(receiver)) continue;
        const sent = await deps.mailer.send({ to, ...plainMail(notice) });
        results.push(sent);
        if (sent.outcome !== 'retry') await deps.deliveries.tell(ref, seq, receiver, deps.clock.now());
      }
      return summary(results);
    },
  };
}

/** Addresses, each once. */
async function receiversOf(
  deps: EmailDeps,
  { recipients }: ChannelOf<'email'>,
  { tenant, promotion, asks_approval }: Notice,
): Promise<readonly string[]> {
  if (recipients !== 'approvers') return [...new Set(recipients)];
  if (asks_approval && !waitsForApproval(promotion)) return [];
  const view = await readApprovals(deps, { tenant, id: promotion.id });
  if (isRefusal(view)) return [];
  const people = asks_approval ? view.people.filter(({ eligible }) => eligible) : view.people;
  return [...new Set(people.map(({ email }) => email).filter((email) => email !== ''))];
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
