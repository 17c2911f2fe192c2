import * as z from 'zod/mini';
import { ENTRY_KINDS } from '../../domain/config-tree/tree-key.ts';
import type { EntryIds } from '../../ports/entry-ids.ts';
import { putBatches, readBatches } from './batches.ts';
import { decodeBody } from './body.ts';
import { entryIdKey } from './keys.ts';
import type { Table } from './table.ts';
import { itemOf } from './write.ts';

const named = z.looseObject({ id: z.string(), kind: z.enum(ENTRY_KINDS), key: z.string() });

export function dynamoEntryIds(table: Table): EntryIds {
  return {
    async put(tenant, entries) {
      const items = new Map(
        entries.map((entry) => [entry.id, itemOf({ key: entryIdKey(tenant, entry.id), body: entry })]),
      );
      await putBatches(table, [...items.values()]);
    },
    async read(tenant, ids) {
      const keys = [...new Set(ids)].map((id) => entryIdKey(tenant, id));
      const items = await readBatches(table, keys, 'strong');
      return new Map(items.map((item) => decodeBody(item, named)).map((entry) => [entry.id, entry]));
    },
  };
}
