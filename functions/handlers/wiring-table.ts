import { systemClock } from '../adapters/clock.ts';
import { dynamoStores } from '../adapters/dynamodb/stores.ts';
import { openTable } from '../adapters/dynamodb/table.ts';
import { randomIds } from '../adapters/ids.ts';
import type { Deps } from '../use-cases/deps.ts';
import type { Environment } from './environment.ts';

/** What functions need that touch nothing but the table: no workflow, no bus, no gateway. */
export type TableDeps = Omit<Deps, 'workflow' | 'bus' | 'scheduler' | 'driver'>;

/** The real table, clock and ids. Opens no connection by itself. */
export function wireTable({ tableName }: Pick<Environment, 'tableName'>): TableDeps {
  return {
    ...dynamoStores(openTable(tableName)),
    clock: systemClock,
    ids: randomIds,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}
