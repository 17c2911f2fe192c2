import { isAppChannel, type SlackAppChannel } from '../../domain/slack/channel.ts';
import type { SlackOffer } from '../../domain/slack/click.ts';
import { isRecent, isSignedWith, type SlackRequest } from '../../domain/slack/signature.ts';
import type { Secrets } from '../../ports/secrets.ts';
import type { Deps } from '../deps.ts';

export type RecognizeDeps = Pick<Deps, 'catalog' | 'clock'> & { readonly secrets: Secrets };

/** What a request says of itself, none of it believed: its team, and the channel that the message was written for. */
export type Claim = { readonly team: string; readonly offer: Pick<SlackOffer, 'tenant' | 'channel'> };

/**
 * The channel that a request of Slack is for: the one it names, when it is signed with the secret of that very channel's app, within five
 * minutes, from its team. A request counts for the tenant whose secret signed it and no other, though several may be in one team; naming
 * a foreign channel proves nothing. Alike `undefined` for every other reason. Throws `Unavailable` and `Throttled`.
 */
export async function recognizeSlack(
  deps: RecognizeDeps,
  { team, offer: { tenant, channel: id } }: Claim,
  request: SlackRequest,
): Promise<SlackAppChannel | undefined> {
  if (!isRecent(request, deps.clock.now())) return undefined;
  const channel = await deps.catalog.item(tenant, 'channel', id);
  if (!isAppChannel(channel) || channel.team_id !== team) return undefined;
  const secret = await deps.secrets.read({ tenant, purpose: 'slack' }, channel.signing_secret_ref);
  return isSignedWith((secret ?? '').trim(), request) ? channel : undefined;
}
