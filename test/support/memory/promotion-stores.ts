import { holdKey, openKey, promotionKey, tokenKey } from '../../../functions/adapters/dynamodb/keys.ts';
import { matchesFilter } from '../../../functions/domain/promotion/filter.ts';
import { OPEN_STATUSES } from '../../../functions/domain/promotion/lifetime.ts';
import type { PromotionState } from '../../../functions/domain/promotion/state.ts';
import { tookPart } from '../../../functions/domain/promotion/taking-part.ts';
import type {
  PromotionStore,
  StoredPromotion,
  TaskToken,
  TaskTokens,
  WorkflowRecords,
} from '../../../functions/ports/promotion-store.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';

export function memoryPromotions(memory: Memory): PromotionStore {
  return {
    read: async (tenant, id) => memory.promotions.get(promotionKey(tenant, id)),
    version: async (tenant, id) => memory.promotions.get(promotionKey(tenant, id))?.state.seq,
    async events(tenant, id, after = 0, most = Number.POSITIVE_INFINITY) {
      const commits = memory.events.partition(promotionKey(tenant, id).PK);
      return commits
        .flat()
        .filter((event) => event.seq > after)
        .slice(0, most);
    },
    async list(tenant, filter, page) {
      const all = memory.promotions.ofTenant(tenant).map(({ state }) => state);
      const { person, ...others } = filter;
      const history = ({ id }: PromotionState) => memory.events.partition(promotionKey(tenant, id).PK).flat();
      const chosen = all.filter(
        (state) =>
          matchesFilter(state, filter) ||
          (person !== undefined && matchesFilter(state, others) && tookPart(state, history(state), person)),
      );
      return pageOf(chosen, ({ requested_at, id }) => `${requested_at}#${id}`, page, true);
    },
    // Lists are made of histories here.
    completeLists: async () => 0,
    async walkOpen(tenant, filter, { limit, after }) {
      const at = ({ requested_at, id }: PromotionState) => `${requested_at}#${id}`;
      const all = memory.promotions.ofTenant(tenant).map(({ state }) => state);
      const open = all.filter(({ status }) => OPEN_STATUSES.includes(status));
      const page = pageOf(open, at, after === undefined ? { limit } : { limit, after }, true);
      const meant = page.items.filter((state) => matchesFilter(state, filter));
      return { ...page, items: meant.map((state) => ({ state, at: at(state) })) };
    },
    holderOfPlace: async (tenant, subject, digest, target, type) =>
      memory.places.get(openKey(tenant, subject, digest, target, type)),
    onHold: async (tenant, subject, target) => memory.holds.get(holdKey(tenant, subject, target)),
  };
}

export function memoryWorkflowRecords(memory: Memory): WorkflowRecords {
  const change = (
    tenant: string,
    id: string,
    when: (stored: StoredPromotion) => boolean,
    to: (stored: StoredPromotion) => StoredPromotion['workflowRecord'],
  ): boolean => {
    const key = promotionKey(tenant, id);
    const stored = memory.promotions.get(key);
    if (stored === undefined || !when(stored)) return false;
    memory.promotions.set(key, { ...stored, workflowRecord: to(stored) });
    return true;
  };
  return {
    clearWork: async ({ tenant, id }, version, published) =>
      change(
        tenant,
        id,
        ({ state, workflowRecord }) => state.seq === version && workflowRecord.published <= published,
        ({ workflowRecord }) => ({ ...workflowRecord, work: [], published }),
      ),
    raiseAttempt: async ({ tenant, id }, from) => {
      const raised = change(
        tenant,
        id,
        ({ workflowRecord }) => workflowRecord.attempt === from,
        ({ workflowRecord }) => ({ ...workflowRecord, attempt: from + 1 }),
      );
      return raised ? from + 1 : undefined;
    },
    postpone: async ({ tenant, id }, version, due_at) =>
      change(
        tenant,
        id,
        ({ state }) => state.seq === version,
        ({ workflowRecord }) => ({ ...workflowRecord, due_at }),
      ),
    async withWork(page) {
      const all = memory.promotions.all().filter(({ workflowRecord }) => workflowRecord.work.length > 0);
      return refs(pageOf(all, ({ state }) => `${state.requested_at}#${state.tenant}#${state.id}`, page));
    },
    async due(now, page) {
      const all = memory.promotions
        .all()
        .filter(({ workflowRecord }) => (workflowRecord.due_at ?? '~') <= now);
      return refs(
        pageOf(
          all,
          ({ state, workflowRecord }) => `${workflowRecord.due_at}#${state.tenant}#${state.id}`,
          page,
        ),
      );
    },
  };
}

export function memoryTokens(memory: Memory): TaskTokens {
  return {
    async put({ tenant, id }, token) {
      const key = tokenKey(tenant, id);
      const kept = memory.tokens.get(key);
      if (kept !== undefined && isOlder(token, kept)) return false;
      memory.tokens.set(key, token);
      return true;
    },
    get: async ({ tenant, id }) => memory.tokens.get(tokenKey(tenant, id)),
  };
}

function isOlder(token: TaskToken, kept: TaskToken): boolean {
  const [mine, theirs] = [token, kept].map(({ attempt, entered_time, retry_count }) => [
    attempt,
    Date.parse(entered_time),
    retry_count,
  ]);
  const difference = mine?.map((part, index) => part - (theirs?.[index] ?? 0)).find((part) => part !== 0);
  return (difference ?? 0) < 0;
}

function refs(page: { readonly items: readonly StoredPromotion[]; readonly next?: string }) {
  return { ...page, items: page.items.map(({ state: { tenant, id } }) => ({ tenant, id })) };
}
