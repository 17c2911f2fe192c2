import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { putBatches } from '../../functions/adapters/dynamodb/batches.ts';
import { dynamoFormatStore } from '../../functions/adapters/dynamodb/format-store.ts';
import { item } from '../../functions/adapters/dynamodb/item.ts';
import { formatKey } from '../../functions/adapters/dynamodb/keys.ts';
import type { ItemKeys } from '../../functions/domain/format/judge.ts';
import { FORMAT, RELEASE } from '../../functions/domain/format/number.ts';
import type { FormatStore } from '../../functions/ports/format-store.ts';
import { numberTable } from '../../functions/use-cases/migrate/number-table.ts';
import { skipWithoutEngine, startEngine } from '../support/engine.ts';
import { memoryFormatStore } from '../support/memory/format-store.ts';

type Use = (items: readonly ItemKeys[], test: (formats: FormatStore) => Promise<void>) => Promise<void>;

const AT = '2026-11-24T12:00:00.000Z';
const number = { format: 1, readable_from: 1, written_by: RELEASE, at: AT };
const clock = { now: () => AT };
const OF_FORMAT_1 = { PK: 'T#acme#ENV#production', SK: 'config#configuration' };
const OF_BEFORE = { PK: 'T#acme#HEAD#config#configuration', SK: 'production' };

function contract(use: Use): void {
  it('sets the number once, and later only where it is what was read', () =>
    use([], async (formats) => {
      expect(await formats.read()).toBeUndefined();
      expect(await formats.write(number, undefined)).toBe(true);
      expect(await formats.write({ ...number, format: 2 }, undefined)).toBe(false);
      expect(await formats.read()).toEqual(number);
      const raised = { ...number, format: 2, at: '2026-11-25T12:00:00.000Z' };
      expect(await formats.write(raised, { ...number, at: raised.at })).toBe(false);
      expect(await formats.write(raised, { ...number, format: 3 })).toBe(false);
      expect(await formats.write(raised, number)).toBe(true);
      expect(await formats.read()).toEqual(raised);
    }));

  it('shows the keys of every item but the number', async () => {
    const items = Array.from({ length: 200 }, (_, n) => ({
      PK: `T#acme#PROMO#prom-${n}`,
      SK: 'STATE',
      ...(n % 2 === 0 ? { GSI1PK: 'T#acme#LIST', GSI1SK: String(n) } : {}),
    }));
    await use(items, async (formats) => {
      await formats.write(number, undefined);
      const seen: ItemKeys[] = [];
      await formats.keys((page) => void seen.push(...page));
      const wanted = items.map(({ GSI1SK: _, ...keys }: ItemKeys & { GSI1SK?: string }) => keys);
      expect(seen.toSorted(byKey)).toEqual(wanted.toSorted(byKey));
    });
  });

  it('numbers an empty table with today’s format, and judges it by its number from then on', () =>
    use([], async (formats) => {
      expect(await numberTable({ formats, clock })).toEqual({ verdict: 'serve', numbered: FORMAT });
      expect(await formats.read()).toEqual({ ...number, format: FORMAT, readable_from: FORMAT });
      expect(await numberTable({ formats, clock })).toEqual({ verdict: 'serve' });
    }));

  it('numbers what format 1 wrote, once, however many ask at the same time', () =>
    use([OF_FORMAT_1], async (formats) => {
      const asked = await Promise.all(Array.from({ length: 8 }, () => numberTable({ formats, clock })));
      expect(asked.map(({ verdict }) => verdict)).toEqual(Array(8).fill('serve'));
      expect(asked.filter(({ numbered }) => numbered !== undefined)).toHaveLength(1);
      expect(await formats.read()).toEqual(number);
    }));

  it.each([
    ['the code before wrote', [OF_BEFORE]],
    ['both wrote', [OF_BEFORE, OF_FORMAT_1]],
    ['another program wrote', [OF_FORMAT_1, { PK: 'users', SK: '1' }]],
  ])('leaves a table without a number that %s', (_, items) =>
    use(items, async (formats) => {
      expect(await numberTable({ formats, clock })).toMatchObject({ verdict: 'refuse' });
      expect(await formats.read()).toBeUndefined();
    }),
  );

  it('refuses a number of a newer release, and leaves it', () =>
    use([OF_FORMAT_1], async (formats) => {
      const newer = { ...number, format: FORMAT + 1, readable_from: FORMAT + 1, written_by: 'sluice 9.9.9' };
      await formats.write(newer, undefined);
      expect(await numberTable({ formats, clock })).toMatchObject({
        verdict: 'refuse',
        why: expect.stringContaining('sluice 9.9.9'),
      });
      expect(await formats.read()).toEqual(newer);
    }));

  it('gives up at its deadline, and numbers nothing', () =>
    use([OF_FORMAT_1], async (formats) => {
      const before = '2026-11-24T11:59:59.999Z';
      await expect(numberTable({ formats, clock }, before)).rejects.toThrow(/in time/);
      expect(await formats.read()).toBeUndefined();
    }));
}

const byKey = (a: ItemKeys, b: ItemKeys) => (a.PK < b.PK ? -1 : 1);

describe('the format of the table, in memory', () => {
  contract((items, test) => test(memoryFormatStore(items.map(keysAlone))));
});

const keysAlone = ({ PK, SK, GSI1PK }: ItemKeys): ItemKeys => ({
  PK,
  SK,
  ...(GSI1PK === undefined ? {} : { GSI1PK }),
});

describe.skipIf(skipWithoutEngine())('the format of the table', () => {
  const onTable: Use = async (items, test) => {
    const engine = await startEngine();
    try {
      await putBatches(engine.table, items.map(item));
      await test(dynamoFormatStore(engine.table));
    } finally {
      await engine.stop();
    }
  };
  contract(onTable);

  it('is no reason to serve where the item says nothing', async () => {
    const engine = await startEngine();
    try {
      const { client, name: TableName } = engine.table;
      await client.send(new PutItemCommand({ TableName, Item: item({ ...formatKey, format: 'one' }) }));
      const reading = dynamoFormatStore(engine.table).read();
      await expect(reading).rejects.toMatchObject({ name: 'FormatUnsupported' });
    } finally {
      await engine.stop();
    }
  });
});
