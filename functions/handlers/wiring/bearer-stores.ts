import { dynamoBearerStores } from '../../adapters/dynamodb/bearer-stores.ts';
import type { BearerStores } from '../../ports/stores.ts';
import type { Environment } from '../environment.ts';
import { openWatchedTable } from './open-table.ts';

/** What bearer secrets open. Opens no connection by itself. */
export const wireBearerStores = ({ tableName }: Pick<Environment, 'tableName'>): BearerStores =>
  dynamoBearerStores(openWatchedTable(tableName));
