import { dynamoDoors } from '../../adapters/dynamodb/doors.ts';
import { openTable } from '../../adapters/dynamodb/table.ts';
import type { Doors } from '../../ports/stores.ts';
import type { Environment } from '../environment.ts';

/** What bearer secrets open. Opens no connection by itself. */
export const wireDoors = ({ tableName }: Pick<Environment, 'tableName'>): Doors =>
  dynamoDoors(openTable(tableName));
