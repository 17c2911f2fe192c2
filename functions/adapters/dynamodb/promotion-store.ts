import type { PromotionStore } from '../../ports/promotion-store.ts';
import { integer } from './item.ts';
import { holdKey, openKey, promotionKey } from './keys.ts';
import { readEvents } from './promotion-events.ts';
import { peekItem, readBody, readItem } from './read.ts';
import { holder } from './schemas/request.ts';
import { storedPromotion } from './stored-promotion.ts';
import type { Table } from './table.ts';

export function dynamoPromotionStore(table: Table): PromotionStore {
  return {
    async read(tenant, id) {
      const found = await readItem(table, promotionKey(tenant, id));
      return found === undefined ? undefined : storedPromotion(found);
    },

    async version(tenant, id) {
      const found = await peekItem(table, promotionKey(tenant, id));
      return found === undefined ? undefined : integer(found, 'ver');
    },

    events: (tenant, id, after, most) => readEvents(table, tenant, id, after, most),

    // Loaded by those alone that list: what drives a promotion does not.
    completeLists: async (state) =>
      (await import('./complete-lists.ts')).completePromotionLists(table, state),
    list: async (...asked) => (await import('./promotion-lists.ts')).listPromotions(table, ...asked),
    walkOpen: async (...asked) => (await import('./promotion-lists.ts')).walkOpen(table, ...asked),

    async holderOfPlace(tenant, subject, digest, target, type) {
      const place = await readBody(table, openKey(tenant, subject, digest, target, type), holder);
      return place?.promotion_id;
    },

    async onHold(tenant, subject, target) {
      const hold = await readItem(table, holdKey(tenant, subject, target));
      if (hold === undefined) return undefined;
      return hold['rejected'] === undefined ? 'held' : 'rejected';
    },
  };
}
