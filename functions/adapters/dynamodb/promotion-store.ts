import { Fault } from '../../domain/faults.ts';
import type { StoredEvent } from '../../domain/promotion/events.ts';
import { matchesFilter, type PromotionFilter } from '../../domain/promotion/filter.ts';
import { OPEN_STATUSES } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { PromotionStore, StoredPromotion } from '../../ports/promotion-store.ts';
import type { Work } from '../../ports/transaction.ts';
import { decodeBody } from './body.ts';
import { type Item, integer, optionalText, text, where } from './item.ts';
import {
  dueOf,
  eventsKey,
  holdKey,
  openKey,
  openPartition,
  promotionKey,
  promotionsPartition,
} from './keys.ts';
import { peekItem, queryPage, queryPages, readBody, readItem, readMany } from './read.ts';
import { storedEvents } from './schemas/events.ts';
import { promotionState } from './schemas/promotion.ts';
import { holder } from './schemas/request.ts';
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

    list: async (tenant, filter, page) => list(table, tenant, filter, page),

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

/** Index pages that one filtered page may read: 4 × 100 promotions are 400 read units at most. */
const FILTER_BUDGET = 4;

async function list(
  table: Table,
  tenant: string,
  filter: PromotionFilter,
  { limit, after }: PageRequest,
): Promise<Page<PromotionState>> {
  const items: PromotionState[] = [];
  const { requested_from = '', requested_before = '~', statuses } = filter;
  const open = statuses?.every((status) => OPEN_STATUSES.includes(status)) === true;
  const listed = open
    ? ({ partition: openPartition(tenant), index: 'GSI4', sort: 'GSI1SK' } as const)
    : ({ partition: promotionsPartition(tenant), index: 'GSI1' } as const);
  let position = after === undefined || requested_before < after ? requested_before : after;
  for (let reads = 0; reads < FILTER_BUDGET; reads += 1) {
    const keys = await queryPage(table, {
      ...listed,
      newestFirst: true,
      limit: isFiltered(filter) ? 100 : limit,
      after: position,
    });
    const states = await readMany(table, keys.items);
    for (const [index, key] of keys.items.entries()) {
      const found = states[index];
      position = text(key, 'GSI1SK');
      if (position < requested_from) return { items };
      if (found !== undefined) {
        const { state } = storedPromotion(found);
        if (matchesFilter(state, filter)) items.push(state);
      }
      if (items.length === limit) {
        const more = keys.more || index < keys.items.length - 1;
        return more ? { items, next: position } : { items };
      }
    }
    if (!keys.more) return { items };
  }
  return { items, next: position };
}

function isFiltered(filter: PromotionFilter): boolean {
  return Object.values(filter).some((wanted) => wanted !== undefined);
}

function storedPromotion(found: Item): StoredPromotion {
  const state = decodeBody(found, promotionState);
  if (state.seq !== integer(found, 'ver')) {
    throw new Fault('Corrupt', `${where(found)} says ${state.seq} and its version ${integer(found, 'ver')}`);
  }
  const due = optionalText(found, 'GSI3SK');
  return {
    state,
    workflowRecord: {
      work: workOf(found),
      ...(due === undefined ? {} : { due_at: dueOf(due) }),
      attempt: integer(found, 'attempt'),
      published: integer(found, 'pub'),
    },
  };
}

const WORK = new Map<string, Work>([
  ['start', 'start'],
  ['wake', 'wake'],
  ['publish', 'publish'],
  ['schedule', 'schedule'],
]);

function workOf(found: Item): Work[] {
  const names = optionalText(found, 'todo')?.split(' ') ?? [];
  return names.map((name) => {
    const work = WORK.get(name);
    if (work === undefined) throw new Fault('Corrupt', `${where(found)} is to do what nobody knows`);
    return work;
  });
}
