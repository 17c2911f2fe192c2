import * as z from 'zod/mini';
import { getConfigChanges } from '../../functions/contract/config-promotions.ts';
import { getChanges } from '../../functions/contract/promotion-reads.ts';
import type { PromotionView } from '../../functions/contract/promotion-view.ts';
import type { Client } from '../http/client.ts';
import { allPages } from './pages.ts';

/** One change as every kind has it: values as JSON texts, null where there is none. */
export const Change = z.object({ key: z.string(), from: z.nullable(z.string()), to: z.nullable(z.string()) });
export type Change = z.infer<typeof Change>;

const Changes = z.object({ items: z.array(Change) });
const ConfigChanges = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      key: z.string(),
      from: z.optional(z.unknown()),
      to: z.optional(z.unknown()),
    }),
  ),
  nextCursor: z.nullable(z.string()),
});

/** What a promotion changes, all of it. */
export async function changesOf(client: Client, { id, kind }: PromotionView): Promise<Change[]> {
  if (kind !== 'config') return (await client.call(getChanges, Changes, { params: { id } })).items;
  const { items } = await allPages(async (cursor) => {
    const page = await client.call(getConfigChanges, ConfigChanges, {
      params: { id },
      query: { limit: 1000, cursor },
    });
    return { items: page.items, next: page.nextCursor };
  });
  return items.map(({ kind: entry, key, from, to }) => ({
    key: entry === 'flag' ? `flag ${key}` : key,
    from: inJson(from),
    to: inJson(to),
  }));
}

const inJson = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
