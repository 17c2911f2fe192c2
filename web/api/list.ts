import type * as z from 'zod/mini';
import { listOf } from '../../functions/contract/fields.ts';
import { askFor } from './client.ts';
import { type Data, useData } from './data.ts';

/** All items of a noun of which there are few: one page of 100, or without pages where the noun has none. */
export function useList<T>(item: z.ZodMiniType<T>, path: string, paged = true): Data<readonly T[]> {
  return useData(`list ${path}`, async (signal) => {
    const found = await askFor(listOf(item), 'GET', path, { query: paged ? { limit: 100 } : {}, signal });
    return found.ok ? { ok: true, value: found.value.items } : found;
  });
}
