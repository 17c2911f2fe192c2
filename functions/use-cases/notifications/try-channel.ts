import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Channel } from '../../domain/notification/channel.ts';
import { sampleNotice } from '../../domain/notification/sample.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Sent } from '../../ports/sender.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';
import { type ReadChannelDeps, readChannel } from './channels.ts';
import { type Senders, send } from './senders.ts';

export type TryDeps = ReadChannelDeps & Pick<Deps, 'ids'> & { readonly senders: Senders };

/**
 * Sends a sample to a channel, muted and disabled ones included, and answers what happened; it changes nothing, not even on `gone`.
 * Mail for approvers goes to whoever asks. Refuses `not_authorized`, `not_found`.
 */
export async function tryChannel(
  deps: TryDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<{ readonly sent: Sent } | Refusal> {
  const channel = await readChannel(deps, { principal, id });
  if (isRefusal(channel)) return channel;
  const refusal = await authorize(deps, principal, 'manage_catalog');
  if (refusal !== undefined) return refusal;
  const { tenant } = principal;
  const sample = { tenant, id: deps.ids.next('prom'), actor: actorOf(principal), at: deps.clock.now() };
  return { sent: await send(deps.senders, towards(channel, principal), sampleNotice(sample)) };
}

function towards(channel: Channel, { email }: Principal): Channel {
  if (channel.type !== 'email' || channel.recipients !== 'approvers') return channel;
  return { ...channel, recipients: [email] };
}
