import {
  createChannel as createEndpoint,
  deleteChannel as deleteEndpoint,
  listDeliveries as deliveriesEndpoint,
  getChannel,
  listChannels as listEndpoint,
  testChannel,
  updateChannel as updateEndpoint,
} from '../../contract/notification-channels.ts';
import type { Channel } from '../../domain/notification/channel.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { CallLimits } from '../../use-cases/catalog/callable.ts';
import {
  createChannel,
  deleteChannel,
  listChannels,
  readChannel,
  updateChannel,
} from '../../use-cases/notifications/channels.ts';
import { listDeliveries } from '../../use-cases/notifications/history.ts';
import { tryChannel } from '../../use-cases/notifications/try-channel.ts';
import type { NotificationDeps } from '../wiring/notifications.ts';
import { etag, ifMatch } from './etag.ts';
import { channelView, deliveryView } from './notification-channel-views.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** Samples go out by the ways of all notifications. */
export type NotificationChannelDeps = NotificationDeps & CallLimits;

const shown = (channel: Channel): Answer => ok(channelView(channel), etag(channel.version));

/** `/api/v1/notification-channels`. */
export const notificationChannelRoutes: readonly Route<NotificationChannelDeps>[] = [
  route(createEndpoint, async ({ principal, body, keeping }, deps) => {
    const { name, filter = {}, muted_until, ...target } = body;
    const answerOf = (channel: Channel) =>
      created(channelView(channel), `/api/v1/notification-channels/${channel.id}`, etag(channel.version));
    const channel = await createChannel(deps, {
      principal,
      name,
      filter,
      ...(muted_until === undefined ? {} : { muted_until }),
      target,
      limits: deps,
      ...keeping(answerOf),
    });
    return isRefusal(channel) ? channel : answerOf(channel);
  }),
  route(listEndpoint, async ({ principal, paged }, deps) => {
    const channels = await listChannels(deps, principal);
    return isRefusal(channels) ? channels : paged(deps, { items: channels }, channelView);
  }),
  route(getChannel, async ({ principal, param }, deps) => {
    const channel = await readChannel(deps, { principal, id: param('id') });
    return isRefusal(channel) ? channel : shown(channel);
  }),
  route(updateEndpoint, async ({ principal, param, body, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const channel = await updateChannel(deps, {
      principal,
      id: param('id'),
      change: body,
      limits: deps,
      ifMatch: match.versions,
    });
    return isRefusal(channel) ? channel : shown(channel);
  }),
  route(deleteEndpoint, async ({ principal, param, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const channel = await deleteChannel(deps, { principal, id: param('id'), ifMatch: match.versions });
    return isRefusal(channel) ? channel : noContent;
  }),
  route(testChannel, async ({ principal, param }, deps) => {
    const tried = await tryChannel(deps, { principal, id: param('id') });
    if (isRefusal(tried)) return tried;
    const { outcome, ...said } = tried.sent;
    return ok({
      outcome,
      reason: 'reason' in said ? said.reason : null,
      reference: 'reference' in said ? (said.reference ?? null) : null,
    });
  }),
  route(deliveriesEndpoint, async ({ principal, param, page, paged }, deps) => {
    const id = param('id');
    const asked = await page(deps, { id });
    if ('refused' in asked) return asked;
    const history = await listDeliveries(deps, { principal, id, page: asked });
    return isRefusal(history) ? history : paged(deps, history, deliveryView, { id });
  }),
];
