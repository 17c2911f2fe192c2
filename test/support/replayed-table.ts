import { dynamoBearerStores } from '../../functions/adapters/dynamodb/bearer-stores.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import type { BearerStores, Stores } from '../../functions/ports/stores.ts';
import { noted } from './written.ts';

/** The stores of a table, whose every decision is replayed after the test that made it; read over `calm` where `table` is disturbed. */
export function tableStores(table: Table, now?: () => string, calm = table): Stores & BearerStores {
  const stores = { ...dynamoStores(table, now), ...dynamoBearerStores(table) };
  return noted(stores, calm === table ? stores : dynamoStores(calm, now));
}
