import { logPlaceKey, newsKey } from '../../../functions/adapters/dynamodb/keys-log.ts';
import { type Grown, grownBy, type LogNews } from '../../../functions/ports/log-news.ts';
import type { LogObjects, Marked } from '../../../functions/ports/log-objects.ts';
import type { LogHead, LogPlace, LogTree } from '../../../functions/ports/log-tree.ts';
import type { Write } from '../../../functions/ports/transaction.ts';
import { type Memory, MemoryMap, nameOf } from './memory-map.ts';

export function memoryLogNews(memory: Pick<Memory, 'news'>): LogNews {
  const ofTenant = (tenant: string) => memory.news.all().filter((each) => each.tenant === tenant);
  return {
    async tell(tenant, grown) {
      if (memory.news.get(newsKey(tenant, grown)) === undefined) keepNews(memory, tenant, [grown]);
    },
    async tenants({ after = '' }) {
      const tenants = [...new Set(memory.news.all().map(({ tenant }) => tenant))].sort();
      const next = tenants.find((tenant) => tenant > after);
      return next === undefined ? { items: [] } : { items: [next], next };
    },
    of: async (tenant, most) =>
      ofTenant(tenant)
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, most)
        .map(({ id, grown }) => ({ id, grown })),
    async forget(tenant, { grown: [first] }) {
      if (first !== undefined) memory.news.delete(newsKey(tenant, first));
    },
  };
}

/** What a commit tells the log. */
export function newsWrite(memory: Memory, tenant: string, writes: readonly Write[]): void {
  keepNews(memory, tenant, grownBy(writes));
}

function keepNews(memory: Pick<Memory, 'news'>, tenant: string, grown: readonly Grown[]): void {
  const [first] = grown;
  if (first === undefined) return;
  const key = newsKey(tenant, first);
  memory.news.set(key, { tenant, id: nameOf(key), grown });
}

export function memoryLogTree(): LogTree {
  const heads = new Map<string, { readonly head: LogHead; readonly version: number }>();
  const places = new MemoryMap<LogPlace>();
  return {
    read: async (tenant) => structuredClone(heads.get(tenant)),
    async swap(tenant, version, head) {
      if ((heads.get(tenant)?.version ?? 0) !== version) return false;
      heads.set(tenant, structuredClone({ head, version: version + 1 }));
      return true;
    },
    place: async (tenant, chain) => places.get(logPlaceKey(tenant, chain)),
    async keep(tenant, chain, place) {
      const key = logPlaceKey(tenant, chain);
      if ((places.get(key)?.seq ?? 0) < place.seq) places.set(key, place);
    },
  };
}

/** Objects in memory; `all` shows them to a test, which may also change them. */
export function memoryLogObjects(): LogObjects & { readonly all: Map<string, Marked> } {
  const all = new Map<string, Marked>();
  let writes = 0;
  return {
    all,
    get: async (path) => structuredClone(all.get(path)),
    async put(path, bytes, mark) {
      if (all.get(path)?.mark !== mark) return false;
      writes += 1;
      all.set(path, structuredClone({ bytes, mark: String(writes) }));
      return true;
    },
  };
}
