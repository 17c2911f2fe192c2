import type { LateReads } from '../../ports/late-reads.ts';
import { dynamoCatalogStore } from './catalog-store.ts';
import { dynamoDirectory } from './directory.ts';
import { dynamoHeadStore } from './head-store.ts';
import type { Table } from './table.ts';

export function dynamoLateReads(table: Table): LateReads {
  const late = { ...table, late: true } as const;
  return {
    directory: dynamoDirectory(late),
    catalog: dynamoCatalogStore(late),
    heads: dynamoHeadStore(late),
  };
}
