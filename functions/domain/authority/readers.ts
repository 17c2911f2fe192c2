import type { FlagKey } from '../flags/flag-key.ts';
import type { Channel, ChannelFilter } from '../notification/channel.ts';
import { KINDS } from '../subject.ts';
import type { Authority, Members } from './class.ts';
import { only, within } from './find.ts';
import { named } from './hops.ts';

/** Created and revoked, never changed. */
export const flagKeyAuthority: Authority<FlagKey> = {
  members: { name: 'neutral', environment: 'neutral', type: 'neutral', allowed_origins: 'neutral' },
  concerns: ({ environment }) => [environment],
  kinds: KINDS,
  reads: [],
};

const filterMembers: Members<ChannelFilter> = {
  events: 'neutral',
  environments: 'neutral',
  severities: 'neutral',
};

export const channelAuthority: Authority<Channel> = {
  members: {
    name: 'neutral',
    filter: within('channel_filter', filterMembers, ({ filter }) => only(filter)),
    muted_until: 'neutral',
    status: 'neutral',
    type: 'fixed',
    mode: 'fixed',
    recipients: 'neutral',
    show_values: 'neutral',
    url: 'neutral',
    secret_ref: 'neutral',
    url_ref: 'neutral',
    team_id: 'neutral',
    channel_id: 'neutral',
    bot_token_ref: 'neutral',
    signing_secret_ref: 'neutral',
  },
  concerns: ({ filter }, world) => named(world, filter.environments === 'all' ? ['*'] : filter.environments),
  kinds: KINDS,
  reads: [],
};
