import type { StoredEvent } from '../../domain/promotion/events.ts';
import { decodeBody } from './body.ts';
import { eventsKey, promotionKey } from './keys.ts';
import { queryPages } from './read.ts';
import { storedEvents } from './schemas/events.ts';
import type { Table } from './table.ts';
import { MAX_EVENTS } from './write-rules.ts';

/** Higher than any event's number. */
const LAST = 999_999_999_999;

/** Reads the events of a promotion after a number, oldest first, so many at most. */
export async function readEvents(
  table: Table,
  tenant: string,
  id: string,
  after = 0,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly StoredEvent[]> {
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
}
