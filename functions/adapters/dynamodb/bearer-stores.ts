import type { BearerStores } from '../../ports/stores.ts';
import { dynamoLinks } from './links.ts';
import { dynamoSessions } from './sessions.ts';
import type { Table } from './table.ts';

/** What bearer secrets open, over the table. */
export const dynamoBearerStores = (table: Table): BearerStores => ({
  sessions: dynamoSessions(table),
  links: dynamoLinks(table),
});
