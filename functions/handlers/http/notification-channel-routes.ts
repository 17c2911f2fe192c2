import {
  listDeliveries as deliveriesEndpoint,
  channels as resource,
  testChannel,
} from '../../contract/notification-channels.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { CallLimits } from '../../use-cases/catalog/callable.ts';
import { channels as description } from '../../use-cases/notifications/channels.ts';
import { listDeliveries } from '../../use-cases/notifications/history.ts';
import { tryChannel } from '../../use-cases/notifications/try-channel.ts';
import type { NotificationDeps } from '../wiring/notifications.ts';
import { channelView, deliveryView } from './notification-channel-views.ts';
import { ok } from './reply.ts';
import { resourceRoutes } from './resource-routes.ts';
import { type Route, route } from './route.ts';

/** Samples go out by the ways of all notifications. */
export type NotificationChannelDeps = NotificationDeps & CallLimits;

/** `/api/v1/notification-channels`. */
export const notificationChannelRoutes: readonly Route<NotificationChannelDeps>[] = [
  ...resourceRoutes({ resource, description, view: (_, channel) => channelView(channel) }),
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
