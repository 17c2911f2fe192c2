import { DynamoDBClient, type TransactWriteItem, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { dynamoTransactions } from '../../functions/adapters/dynamodb/transactions.ts';
import type { Transactions, Write } from '../../functions/ports/transaction.ts';

/** What became of the commits under one name: how often each was tried. */
export type Tries = { tries: number; committed: number };

/**
 * Transactions as AWS runs them under load: each is under way for a while, and one that touches an item of another that is under way is
 * cancelled (`TransactionConflict`), a condition check included. The engine of the tests serialises, and never answers so. Items are those
 * that the adapter of the table makes; time is what `sleep` waits.
 */
export function conflicting(
  { commit }: Transactions,
  { hold, sleep }: { readonly hold: number; readonly sleep: (milliseconds: number) => Promise<void> },
): { of(tries: Tries): Transactions } {
  const underWay = new Set<string>();
  return {
    of: (tries) => ({
      async commit(tenant, writes) {
        const keys = await keysOf(tenant, writes);
        tries.tries += 1;
        if (keys.some((key) => underWay.has(key))) return { committed: false, lost: [] };
        for (const key of keys) underWay.add(key);
        await sleep(hold);
        try {
          const result = await commit(tenant, writes);
          if (result.committed) tries.committed += 1;
          return result;
        } finally {
          for (const key of keys) underWay.delete(key);
        }
      },
    }),
  };
}

/** The keys of all items that the adapter would name in one transaction. */
async function keysOf(tenant: string, writes: readonly Write[]): Promise<readonly string[]> {
  let items: readonly TransactWriteItem[] = [];
  const client = new DynamoDBClient({ region: 'eu-central-1' });
  mockClient(client)
    .on(TransactWriteItemsCommand)
    .callsFake(({ TransactItems = [] }) => {
      items = TransactItems;
    });
  await dynamoTransactions({ client, name: 'sluice' }).commit(tenant, writes);
  return items.map(({ Put, Update, Delete, ConditionCheck }) => {
    const { PK, SK } = Put?.Item ?? Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key ?? {};
    return `${PK?.S} ${SK?.S}`;
  });
}
