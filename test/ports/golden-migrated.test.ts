import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Item } from '../../functions/adapters/dynamodb/item.ts';
import { readItem } from '../../functions/adapters/dynamodb/read.ts';
import { dynamoStoredItems } from '../../functions/adapters/dynamodb/stored-items.ts';
import { openTable } from '../../functions/adapters/dynamodb/table.ts';
import type { StoredItem } from '../../functions/domain/format/stored-item.ts';
import { startEngine } from '../../local/table/engine.ts';
import { skipWithoutEngine } from '../support/engine.ts';
import { installations, unpacked } from '../support/golden.ts';

/** What is the same in keys of one kind. */
const kindOf = ({ PK, SK }: StoredItem): string =>
  `${PK} ${SK}`.replaceAll(/[0-9a-f-]{36}|sha256:[0-9a-f]+|[0-9A-Za-z_-]{20,}|\d+/g, '·');

describe.skipIf(skipWithoutEngine()).each(installations)(
  'a migration of the golden installation of format $format',
  (golden) => {
    it('may look at each item, and puts one of each kind back as it was', async () => {
      const engine = await startEngine(await unpacked(golden));
      try {
        const settings = {
          ...{ endpoint: engine.endpoint, region: 'us-east-1' },
          credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
        };
        const { TableNames: [name = ''] = [] } = await new DynamoDBClient(settings).send(
          new ListTablesCommand({}),
        );
        const table = openTable(name, settings);
        const items = dynamoStoredItems(table);
        const kinds = new Map<string, StoredItem>();
        let [after, looked]: [string | undefined, number] = [undefined, 0];
        do {
          const page = await items.page(after);
          for (const each of page.items) kinds.set(kindOf(each), each);
          looked += page.items.length;
          after = page.next;
        } while (after !== undefined);
        expect(looked).toBeGreaterThan(500);
        expect(kinds.size).toBeGreaterThan(40);
        const stored = ({ PK, SK }: StoredItem): Promise<Item | undefined> => readItem(table, { PK, SK });
        for (const [kind, each] of kinds) {
          const before = await stored(each);
          expect(await items.replace(each, [each]), kind).toBe(true);
          expect(await stored(each), kind).toEqual(before);
        }
      } finally {
        await engine.stop();
      }
    });
  },
);
