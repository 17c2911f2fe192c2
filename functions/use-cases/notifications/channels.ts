import { recordedChannel } from '../../domain/audit/recorded.ts';
import { channelAuthority } from '../../domain/authority/readers.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { toInstant } from '../../domain/instant.ts';
import type { Channel, ChannelFields } from '../../domain/notification/channel.ts';
import { hearsMore } from '../../domain/notification/filter.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { authorize } from '../access/authorize.ts';
import { type Description, inCatalog } from '../catalog/description.ts';
import type { Deps } from '../deps.ts';
import { checkedFilter, wrongTarget } from './channel-fields.ts';

export type ReadChannelDeps = Pick<Deps, 'catalog' | 'denials' | 'clock'>;

const stored = inCatalog('channel', (item) => ({ type: 'channel', item }));

/** Notification channels. One that is enabled again, unmuted or widened hears of what happens from then on. */
export const channels: Description<Channel, ChannelFields> = {
  type: 'channel',
  words: 'notification channel',
  actions: { read: 'read', write: 'manage_catalog' },
  // Each event looks at them all.
  limit: 50,
  storage: {
    ...stored,
    page: async (deps, tenant) => ({ items: await deps.catalog.all(tenant, 'channel') }),
  },
  prefix: 'chan',
  idOf: ({ id }) => id,
  scope: () => [EVERY_ENVIRONMENT],
  asked: (_, fields) => (fields === undefined ? [] : [EVERY_ENVIRONMENT]),
  make({ deps, tenant, principal, environments, fields, ref, now, stored: channel, stamp }) {
    const wrong = wrongTarget(tenant, fields, deps);
    if (wrong !== undefined) return wrong;
    const filter = checkedFilter(environments, fields.filter, channel?.filter);
    if (isRefusal(filter)) return filter;
    const { muted_until: asked, ...said } = fields;
    const muted_until = asked === undefined ? undefined : toInstant(asked);
    const enabled = said.status === 'active' && channel?.status === 'disabled';
    const was = channel?.muted_until ?? '';
    const unmuted = was > now && (muted_until ?? '') <= now;
    const widened = channel !== undefined && hearsMore(channel.filter, filter);
    const reason = enabled ? undefined : channel?.disabled_reason;
    return {
      ...said,
      ...{ id: ref.id, tenant, filter },
      ...(muted_until === undefined ? {} : { muted_until }),
      ...(reason === undefined ? {} : { disabled_reason: reason }),
      since: channel === undefined || enabled || unmuted || widened ? now : channel.since,
      created_by: channel?.created_by ?? principal.subject,
      ...stamp,
    };
  },
  beside: () => [],
  authority: channelAuthority,
  recorded: recordedChannel,
};

/** Reads a channel. Refuses `not_authorized`, `not_found`. */
export async function readChannel(
  deps: ReadChannelDeps,
  { principal, id }: { readonly principal: Principal; readonly id: string },
): Promise<Channel | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  const channel = await deps.catalog.item(principal.tenant, 'channel', id);
  return channel ?? refuse('not_found', `there is no notification channel ${id}`);
}
