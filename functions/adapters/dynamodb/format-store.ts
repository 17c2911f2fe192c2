import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { Fault } from '../../domain/faults.ts';
import type { FormatNumber } from '../../domain/format/number.ts';
import type { FormatStore } from '../../ports/format-store.ts';
import { call, conditional } from './call.ts';
import { type Item, integer, item, optionalText, text } from './item.ts';
import { formatKey } from './keys.ts';
import type { Table } from './table.ts';
import { ABSENT, type Condition } from './write.ts';

/** Parts of the table that are walked side by side: a table without a number is walked whole, once. */
const SEGMENTS = 8;

/** The format number. Its members are attributes, so that code of every release reads them. */
export function dynamoFormatStore(table: Table): FormatStore {
  return {
    async read() {
      return numberIn((await call(() => table.client.send(readNumber(table)))).Item);
    },

    write({ format, readable_from, written_by, at, step, moving }, expected) {
      const { expression, values } = still(expected);
      const command = new PutItemCommand({
        TableName: table.name,
        Item: item({
          ...{ ...formatKey, format, readable_from, written_by, at },
          ...(step === undefined ? {} : { step }),
          ...(moving === undefined ? {} : { moving: JSON.stringify(moving) }),
        }),
        ConditionExpression: expression,
        ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        ...(expected === undefined ? {} : { ExpressionAttributeNames: NAMES }),
      });
      return conditional(() => table.client.send(command));
    },

    async keys(see) {
      await Promise.all(
        Array.from({ length: SEGMENTS }, async (_, Segment) => {
          let start: Item | undefined;
          do {
            const command = new ScanCommand({
              TableName: table.name,
              ConsistentRead: true,
              ProjectionExpression: 'PK, SK, GSI1PK',
              Segment,
              TotalSegments: SEGMENTS,
              ...(start === undefined ? {} : { ExclusiveStartKey: start }),
            });
            const answer = await call(() => table.client.send(command));
            see((answer.Items ?? []).flatMap(keysOf));
            start = answer.LastEvaluatedKey;
          } while (start !== undefined);
        }),
      );
    },
  };
}

/** The command that reads the number. */
export const readNumber = (table: Table): GetItemCommand =>
  new GetItemCommand({ TableName: table.name, Key: item(formatKey), ConsistentRead: true });

/** The number that an item holds. Throws `FormatUnsupported` for an item that says nothing: it is no reason to serve. */
export function numberIn(found: Item | undefined): FormatNumber | undefined {
  if (found === undefined) return undefined;
  try {
    return {
      format: integer(found, 'format'),
      readable_from: integer(found, 'readable_from'),
      written_by: text(found, 'written_by'),
      at: text(found, 'at'),
      ...(found['step'] === undefined ? {} : { step: integer(found, 'step') }),
      ...(found['moving'] === undefined ? {} : { moving: Moving.parse(JSON.parse(text(found, 'moving'))) }),
    };
  } catch (cause) {
    const why = 'the item SYS#FORMAT of the table cannot be read: restore it from a backup';
    throw new Fault('FormatUnsupported', why, { cause });
  }
}

/** The number is as it was read. */
function still(expected: FormatNumber | undefined): Condition {
  if (expected === undefined) return ABSENT;
  const { format, at, step } = expected;
  const values = { ':format': format, ':at': at, ...(step === undefined ? {} : { ':step': step }) };
  const stepped = step === undefined ? 'attribute_not_exists(#step)' : '#step = :step';
  return { expression: `#format = :format AND #at = :at AND ${stepped}`, values: item(values) };
}

const NAMES = { '#format': 'format', '#at': 'at', '#step': 'step' };
const Moving = z.object({
  after: z.exactOptional(z.string()),
  moved: z.int(),
  read_only: z.boolean(),
});

function keysOf(found: Item) {
  const [PK, SK, GSI1PK] = [text(found, 'PK'), text(found, 'SK'), optionalText(found, 'GSI1PK')];
  return PK === formatKey.PK ? [] : [{ PK, SK, ...(GSI1PK === undefined ? {} : { GSI1PK }) }];
}
