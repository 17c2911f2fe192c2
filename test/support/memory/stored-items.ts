import { isDeepStrictEqual } from 'node:util';
import type { StoredItem } from '../../../functions/domain/format/stored-item.ts';
import type { StoredItems } from '../../../functions/ports/format-store.ts';

const nameOf = ({ PK, SK }: Pick<StoredItem, 'PK' | 'SK'>) => `${PK}\n${SK}`;

/** Items in the order of their keys, three a page. */
export function memoryStoredItems(stored: Map<string, StoredItem>): StoredItems {
  return {
    async page(after) {
      const names = [...stored.keys()].sort().filter((name) => after === undefined || name > after);
      const items = names.slice(0, 3).flatMap((name) => stored.get(name) ?? []);
      const last = items.at(-1);
      return last === undefined || names.length <= 3 ? { items } : { items, next: nameOf(last) };
    },
    read: async (key) => stored.get(nameOf(key)),
    async replace(one, others) {
      if (!isDeepStrictEqual(stored.get(nameOf(one)), one)) return false;
      const added = others.filter((other) => nameOf(other) !== nameOf(one));
      if (added.some((other) => stored.has(nameOf(other)))) return false;
      stored.delete(nameOf(one));
      for (const other of others) stored.set(nameOf(other), other);
      return true;
    },
  };
}

/** Items by their keys. */
export const itemsByName = (items: readonly StoredItem[]): Map<string, StoredItem> =>
  new Map(items.map((item) => [nameOf(item), item]));
