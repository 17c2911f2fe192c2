import { type AttributeValue, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { putBatches, withWidth } from '../../functions/adapters/dynamodb/batches.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import { TENANT } from './config-stage.ts';
import { benchKey, benchValue } from './config-tree-data.ts';
import { quantile } from './print.ts';

/** Transactions of 100 items under way at once: as many as batches. */
const AT_ONCE = 8;

export type Copies = { readonly batch: number; readonly transact: number };

/**
 * Milliseconds that copying an environment of so many items takes, item by item: with BatchWriteItem of 25, and with TransactWriteItems of 100,
 * both eight at once through the client that everything else here uses. Small copies are repeated, and the middle one counts.
 */
export async function timeCopies(table: Table, keys: number): Promise<Copies> {
  const times = Math.max(1, Math.min(7, Math.floor(20_000 / keys)));
  const [batch, transact]: [number[], number[]] = [[], []];
  for (let round = 0; round < times; round += 1) {
    const [one, other] = [itemsOf(keys, `BATCH${round}`), itemsOf(keys, `TRANSACT${round}`)];
    batch.push(await timed(() => putBatches(table, one)));
    transact.push(await timed(() => transacted(table, other)));
  }
  return { batch: quantile(batch, 0.5), transact: quantile(transact, 0.5) };
}

type Item = Record<string, AttributeValue>;

function itemsOf(keys: number, name: string): readonly Item[] {
  return Array.from({ length: keys }, (_, i) => ({
    PK: { S: `T#${TENANT}#${name}#${keys}` },
    SK: { S: benchKey(i) },
    value: { B: benchValue(i) },
  }));
}

async function transacted({ client, name }: Table, items: readonly Item[]): Promise<void> {
  const hundreds = Array.from({ length: Math.ceil(items.length / 100) }, (_, n) =>
    items.slice(n * 100, (n + 1) * 100),
  );
  await withWidth(hundreds, AT_ONCE, async (some) => {
    const TransactItems = some.map((Item) => ({ Put: { TableName: name, Item } }));
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
  });
}

async function timed(act: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
