import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Delivery } from '../../ports/deliveries.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import { type ReadChannelDeps, readChannel } from './channels.ts';

/** How a channel's notices went, newest event first. Refuses `not_authorized`, `not_found`. */
export async function listDeliveries(
  deps: ReadChannelDeps & Pick<NotificationStores, 'deliveries'>,
  { principal, id, page }: { readonly principal: Principal; readonly id: string; readonly page: PageRequest },
): Promise<Page<Delivery> | Refusal> {
  const channel = await readChannel(deps, { principal, id });
  return isRefusal(channel) ? channel : deps.deliveries.history(principal.tenant, id, page);
}
