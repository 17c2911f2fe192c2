import { dynamoDoors } from '../../functions/adapters/dynamodb/doors.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import type { Doors, Stores } from '../../functions/ports/stores.ts';
import { noted } from './written.ts';

/** The stores of a table, whose every decision is replayed after the test that made it; read over `calm` where `table` is disturbed. */
export function tableStores(table: Table, now?: () => string, calm = table): Stores & Doors {
  const stores = { ...dynamoStores(table, now), ...dynamoDoors(table) };
  return noted(stores, calm === table ? stores : dynamoStores(calm, now));
}
