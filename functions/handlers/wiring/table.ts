import { systemClock } from '../../adapters/clock.ts';
import { dynamoCommonStores } from '../../adapters/dynamodb/common-stores.ts';
import type { WatchedTable } from '../../adapters/dynamodb/format-watch.ts';
import { dynamoLateReads } from '../../adapters/dynamodb/late-reads.ts';
import { randomIds } from '../../adapters/ids.ts';
import type { FormatCheck } from '../../ports/format-store.ts';
import type { Deps } from '../../use-cases/deps.ts';
import { wakingLog } from '../../use-cases/transparency-log/waking.ts';
import type { Environment } from '../environment.ts';
import { wireLogFeeder } from './log-feeder.ts';
import { openWatchedTable } from './open-table.ts';

/** What functions need that touch nothing but the table: no workflow, no bus, no gateway, no registry. */
export type TableDeps = Omit<Deps, 'workflow' | 'bus' | 'scheduler' | 'driver' | 'registries'> & {
  /** Absent where tests give stores that watch no format. */
  readonly format?: FormatCheck;
};

/** The real table, clock and ids. Opens no connection by itself. */
export function wireTable({ tableName }: Pick<Environment, 'tableName'>): TableDeps {
  return wireOpenTable(openWatchedTable(tableName));
}

/** The same over a table that is open already. */
export function wireOpenTable(table: WatchedTable): TableDeps {
  const stores = dynamoCommonStores(table);
  const feeder = wireLogFeeder();
  return {
    ...stores,
    ...(feeder === undefined ? {} : { transactions: wakingLog(stores.transactions, feeder, systemClock) }),
    late: dynamoLateReads(table),
    format: table.check,
    clock: systemClock,
    ids: randomIds,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}
