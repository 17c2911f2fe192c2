/**
 * Runs a migration over a table, as a process that can be killed: `node test/support/migrating-process.ts <endpoint> <table>`. Says
 * `write` before each write, and waits for no minute.
 */
import { writeSync } from 'node:fs';
import { dynamoFormatStore } from '../../functions/adapters/dynamodb/format-store.ts';
import { dynamoStoredItems } from '../../functions/adapters/dynamodb/stored-items.ts';
import { openTable } from '../../functions/adapters/dynamodb/table.ts';
import { FORMAT } from '../../functions/domain/format/number.ts';
import { MIGRATIONS } from '../../functions/migrations/all.ts';
import type { Migration } from '../../functions/migrations/migration.ts';
import { migrate } from '../../functions/use-cases/migrate/migrate.ts';

/** Moves `OLD#n` to two items: `NEW#n` with its text in a body, and a place in a list. */
const apart: Migration = {
  format: FORMAT + 1,
  readable_from: FORMAT,
  move({ PK, SK, said, ...rest }) {
    if (!PK.startsWith('T#acme#OLD#')) return undefined;
    const moved = PK.replace('OLD', 'NEW');
    return [
      { ...rest, PK: moved, SK, body: { said } },
      { PK: moved, SK: 'PLACE', GSI1PK: 'T#acme#LIST', GSI1SK: moved },
    ];
  },
};

const [endpoint = '', name = ''] = process.argv.slice(2);
const table = openTable(name, {
  endpoint,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
table.client.middlewareStack.add(
  (next, { commandName = '' }) =>
    async (args) => {
      if (/Put|Write/.test(commandName)) writeSync(1, 'write\n');
      return next(args);
    },
  { step: 'initialize', name: 'said' },
);
await migrate(
  {
    formats: dynamoFormatStore(table),
    items: dynamoStoredItems(table),
    clock: { now: () => new Date().toISOString() },
    sleep: async () => {},
  },
  [...MIGRATIONS, apart],
  { until: '2100-01-01T00:00:00.000Z', alone: true },
);
writeSync(1, 'done\n');
