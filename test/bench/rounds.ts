import { dynamoBearerStores } from '../../functions/adapters/dynamodb/bearer-stores.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import { type Operation, operationCosts } from '../handlers/operation-costs.ts';
import { startEngine } from '../support/engine.ts';
import { printTable } from './print.ts';

/** Rounds when they were first counted, and at most. */
const ROUNDS: { readonly [operation in Operation]?: readonly [before: number, goal: number] } = {
  request: [10, 5],
  execute: [9, 5],
  'step Execute': [8, 5],
  'config edit': [9, 5],
  'deployment report': [7, 5],
  'config rollback': [14, 8],
  'flags, unchanged': [3, 1],
};

/** Sequential rounds of each operation, other services included, and its units, as the table of budgets has them. */
export async function benchRounds(): Promise<void> {
  const engine = await startEngine();
  try {
    const stores = (table: Table, now: () => string) => ({
      ...dynamoStores(table, now),
      ...dynamoBearerStores(table),
    });
    const rows = [...(await operationCosts(engine, stores))].map(([operation, cost]) => {
      const [before, goal] = ROUNDS[operation] ?? ['', ''];
      return [operation, before, cost.rounds.length, goal, cost.write, cost.read];
    });
    printTable('Rounds of calls, one after another', [
      ['operation', 'rounds before', 'now', 'goal', 'WRU', 'RRU'],
      ...rows,
    ]);
  } finally {
    await engine.stop();
  }
}
