import { type WatchedTable, watchFormat } from '../../adapters/dynamodb/format-watch.ts';
import { openTable } from '../../adapters/dynamodb/table.ts';

/** Opens the table of this installation, which answers for as long as this code reads its format. Opens no connection by itself. */
export const openWatchedTable = (name: string): WatchedTable => watchFormat(openTable(name));
