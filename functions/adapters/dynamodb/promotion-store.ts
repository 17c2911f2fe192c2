import type { StoredEvent } from '../../domain/promotion/events.ts';
import type { PromotionStore } from '../../ports/promotion-store.ts';
import { decodeBody } from './body.ts';
import { integer } from './item.ts';
import { eventsKey, holdKey, openKey, promotionKey } from './keys.ts';
import { peekItem, queryPages, readBody, readItem } from './read.ts';
import { storedEvents } from './schemas/events.ts';
import { holder } from './schemas/request.ts';
import { storedPromotion } from './stored-promotion.ts';
import type { Table } from './table.ts';
import { MAX_EVENTS } from './write-rules.ts';

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

    async events(tenant, id, after = 0, most = Number.POSITIVE_INFINITY) {
      // The commit that `after` lies in starts at most so many events before it.
      const start = Math.max(0, after - MAX_EVENTS);
      const range = {
        partition: promotionKey(tenant, id).PK,
        after: eventsKey(tenant, id, start).SK,
        until: eventsKey(tenant, id, LAST).SK,
      };
      const found: StoredEvent[] = [];
      for await (const commits of queryPages(table, range, most + MAX_EVENTS)) {
        const events = commits.flatMap((commit) => decodeBody(commit, storedEvents));
        found.push(...events.filter((event) => event.seq > after));
        if (found.length >= most) return found.slice(0, most);
      }
      return found;
    },

    // Loaded by those alone that list: what drives a promotion does not.
    list: async (...asked) => (await import('./promotion-lists.ts')).listPromotions(table, ...asked),
    walkOpen: async (...asked) => (await import('./promotion-lists.ts')).walkOpen(table, ...asked),

    async holderOfPlace(tenant, subject, digest, target) {
      const place = await readBody(table, openKey(tenant, subject, digest, target), holder);
      return place?.promotion_id;
    },

    async onHold(tenant, subject, target) {
      return (await readItem(table, holdKey(tenant, subject, target))) !== undefined;
    },
  };
}

/** Higher than any event's number. */
const LAST = 999_999_999_999;
