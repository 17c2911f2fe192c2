import { BatchGetItemCommand, BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { Fault } from '../../domain/faults.ts';
import { call } from './call.ts';
import { type Item, item } from './item.ts';
import type { Key } from './key-parts.ts';
import type { Table } from './table.ts';

/** DynamoDB's limits of one call. */
const MOST_READ = 100;
const MOST_WRITTEN = 25;

/** Calls under way at once: enough to hide the way there, few enough not to be told to slow down. */
const AT_ONCE = 8;

/** Rounds in which the table may leave parts of a batch undone before that is `Throttled`; the waits between them double. */
const MAX_ROUNDS = 8;
const FIRST_WAIT_MS = 25;

/** Reads any number of items; those that are not there are left out, and the order is the table's. */
export async function readBatches(
  table: Table,
  keys: readonly Key[],
  consistency: 'eventual' | 'strong',
): Promise<readonly Item[]> {
  const found: Item[] = [];
  await inBatches(keys.map(item), MOST_READ, async (batch) => {
    let left = [...batch];
    await inRounds(async () => {
      const command = new BatchGetItemCommand({
        RequestItems: { [table.name]: { Keys: left, ConsistentRead: consistency === 'strong' } },
      });
      const answer = await call(() => table.client.send(command));
      found.push(...(answer.Responses?.[table.name] ?? []));
      left = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
      return left.length === 0;
    });
  });
  return found;
}

/** Puts any number of items, each key once, without a condition; done when every one is stored. */
export async function putBatches(table: Table, items: readonly Item[]): Promise<void> {
  await inBatches(items, MOST_WRITTEN, async (batch) => {
    let left = batch.map((Item) => ({ PutRequest: { Item } }));
    await inRounds(async () => {
      const command = new BatchWriteItemCommand({ RequestItems: { [table.name]: left } });
      const answer = await call(() => table.client.send(command));
      left = (answer.UnprocessedItems?.[table.name] ?? []).flatMap(({ PutRequest }) =>
        PutRequest?.Item === undefined ? [] : [{ PutRequest: { Item: PutRequest.Item } }],
      );
      return left.length === 0;
    });
  });
}

/** Works through a list with at most `width` under way at once; the first failure ends it. */
export async function withWidth<T>(
  all: readonly T[],
  width: number,
  act: (one: T) => Promise<void>,
): Promise<void> {
  const rest = all.values();
  const worker = async () => {
    for (const one of rest) await act(one);
  };
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, worker));
}

function inBatches<T>(
  all: readonly T[],
  most: number,
  act: (batch: readonly T[]) => Promise<void>,
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(all.length / most) }, (_, n) =>
    all.slice(n * most, (n + 1) * most),
  );
  return withWidth(batches, AT_ONCE, act);
}

async function inRounds(round: () => Promise<boolean>): Promise<void> {
  for (let done = 1; !(await round()); done += 1) {
    if (done === MAX_ROUNDS) throw new Fault('Throttled', 'the table left parts of a batch undone');
    const wait = Math.random() * FIRST_WAIT_MS * 2 ** done;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
