import type { Page, PageRequest } from '../../ports/page.ts';
import { text } from './item.ts';
import { SHARDS } from './key-parts.ts';
import { queryPage } from './read.ts';
import type { Table } from './table.ts';

/** A list of all tenants that is spread over shards of an index. */
export type Sharded<T> = {
  readonly index: 'GSI2' | 'GSI3';
  readonly partition: (shard: number) => string;
  /** Absent: as many as work and due times have. */
  readonly shards?: number;
  /** What a partition key names; what it does not name is left out. */
  readonly refOf: (PK: string) => T | undefined;
  /** Only sort keys up to here. */
  readonly until?: string;
};

/** How many times its even share a shard is asked for: enough that most pages are full, where each shard read a whole page before. */
const SPREAD = 2;

/**
 * One page over all shards, in the order of the sort keys; a position is a sort key, good for every shard. May hold fewer than `limit`
 * where more follow: what a shard keeps back sorts after its last item, so the order is known up to the first of these.
 */
export async function sharded<T>(
  table: Table,
  { index, partition, refOf, until, shards = SHARDS }: Sharded<T>,
  { limit, after }: PageRequest,
): Promise<Page<T>> {
  const share = Math.ceil((SPREAD * limit) / shards);
  const pages = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      queryPage(table, {
        partition: partition(shard),
        index,
        limit: share,
        ...(after === undefined ? {} : { after }),
        ...(until === undefined ? {} : { until }),
      }),
    ),
  );
  const sort = `${index}SK`;
  const found = pages.flatMap((page) => page.items).sort((a, b) => (text(a, sort) < text(b, sort) ? -1 : 1));
  const ends = pages.flatMap(({ items: own, more: kept }) => (kept ? own.slice(-1) : []));
  const [end] = ends.map((each) => text(each, sort)).sort();
  const known = end === undefined ? found : found.filter((each) => text(each, sort) <= end);
  const chosen = known.slice(0, limit);
  const items = chosen.flatMap((each) => refOf(text(each, 'PK')) ?? []);
  const last = chosen.at(-1);
  const more = known.length > limit || pages.some((page) => page.more);
  return more && last !== undefined ? { items, next: text(last, sort) } : { items };
}
