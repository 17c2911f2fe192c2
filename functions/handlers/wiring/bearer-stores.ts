import { dynamoBearerStores } from '../../adapters/dynamodb/bearer-stores.ts';
import { openTable } from '../../adapters/dynamodb/table.ts';
import type { BearerStores } from '../../ports/stores.ts';
import type { Environment } from '../environment.ts';

/** What bearer secrets open. Opens no connection by itself. */
export const wireBearerStores = ({ tableName }: Pick<Environment, 'tableName'>): BearerStores =>
  dynamoBearerStores(openTable(tableName));
